// What the server tells the portal. The names are the server's.
export type Scope =
  | 'appointments'
  | 'goals'
  | 'plan'
  | 'scores'
  | 'check_in'
  | 'messages'
  | 'education'
  | 'safety_plan';

export interface Clinic {
  name: string;
  phone: string | null;
  hours: string | null;
}
export interface Session {
  account: {
    id: string;
    display_name: string;
    language: string;
    mail: string | null;
    phone: string | null;
    has_password: boolean;
    has_totp: boolean;
    passkeys: { id: string; name: string }[];
  };
  acting: {
    kind: 'self' | 'trusted_person';
    patient: { given_name: string; family_name?: string; birth_date?: string };
    grant_id: string | null;
    scopes: Scope[];
    expires_on: string | null;
  } | null;
  can_act_for: { kind: 'self' | 'trusted_person'; grant_id: string | null; given_name: string }[];
  views: string[];
  clinic: Clinic & { time_zone: string; today: string };
  proved_at: string;
  expires_at: string;
}

export interface HelpLine {
  id: string;
  label: string;
  number: string;
  call: string | null;
  text_to: string | null;
  chat: string | null;
  text: string;
  hours: string | null;
}
export interface Help {
  title: string;
  intro: string;
  when_heading: string;
  when: string[];
  lines: HelpLine[];
  read_when: string | null;
  not_watched: string;
  outside_text?: string | null;
}

export interface Home {
  today: string;
  next: {
    kind: string;
    title: string;
    text: string;
    act: string | null;
    view: string | null;
    object_id: string | null;
    object?: string | null;
    at: string | null;
  };
  clinic: Clinic;
  response_time: string;
  not_for_emergencies: string;
  check_ins?: { open: number };
  scores?: { instrument: string; title: string; words: string; direction: string }[];
  goals?: { active: number; for_today: number; done_today: number };
  messages?: { unread: number };
  visit?: { at: string; text: string } | null;
  reading?: { unread: number };
  plan?: { in_effect: boolean; since: string | null };
  milestones?: { goal_id: string; id: string; on: string; text: string }[];
}

export interface Score {
  instrument: string;
  title: string;
  about: string;
  minimum: number;
  maximum: number;
  meaning: string;
  higher_is_worse: boolean;
  decimals: number;
  points: {
    id: string;
    date: string;
    total: number;
    mode: string;
    seen: { on: string; role_name: string } | null;
  }[];
  words: string;
  direction: string;
  direction_words: string | null;
  since_start: { date: string; total: number; direction: string; words: string } | null;
}
export interface Scores {
  items: Score[];
  goal?: { id: string; statement: string } | null;
  empty: string | null;
}

export interface Contact {
  name: string;
  phone: string;
  when?: string;
}
export interface Plan {
  plan: {
    id: string;
    title: string;
    since: string | null;
    language: string;
    in_your_language: boolean;
    note: string | null;
    sections: { id: string; heading: string; text: string }[];
    steps: { text: string; who: string; by: string | null }[];
    your_words: string | null;
    agreed_on: string | null;
  } | null;
  relapse_prevention: {
    id: string;
    title: string;
    since: string | null;
    language: string;
    in_your_language: boolean;
    note: string | null;
    sections: { id: string; heading: string; lines: string[] }[];
    contacts: Contact[];
  } | null;
  in_progress: boolean;
  empty: string | null;
}
export interface Team {
  items: { name: string; role: string; role_name: string; what: string; relationship: string | null }[];
  clinic: Clinic;
  empty: string | null;
}

export type Day = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';
export interface CheckOff {
  id: string;
  on: string;
  result: 'done' | 'something_else';
  note: string;
  by: string;
}
export interface Goal {
  id: string;
  statement: string;
  what: string;
  how_long: string | null;
  /** mon, tue, ... */
  days: string[];
  at: string | null;
  where_with: string | null;
  until: string | null;
  confidence: number | null;
  confidence_now: number | null;
  offer_smaller_step: boolean;
  smaller_step_words: string | null;
  obstacle: string | null;
  obstacle_plan: string | null;
  status: 'active' | 'reached' | 'stopped' | 'imported';
  start_date: string;
  written_by: string;
  for_today: boolean;
  today: string | null;
  check_offs: CheckOff[];
  times: number;
  weeks: { done: number; of: number };
  milestones: { id: string; on: string; text: string }[];
  may_edit: boolean;
  version: number;
}
export interface Goals {
  items: Goal[];
  empty: string | null;
  today: string;
}
export interface GoalBody {
  what: string;
  how_long: string;
  days: Day[];
  at: string;
  where_with: string;
  confidence: number;
  obstacle: string;
  obstacle_plan: string;
}

export interface AidCell {
  words: string;
  per_100: number | null;
  source: string | null;
}
export interface Aid {
  id: string;
  title: string;
  question: string;
  introduction: string;
  for_whom: string;
  options: { id: string; name: string; none: boolean; what: string; living_with: string }[];
  issues: {
    id: string;
    question: string;
    answers: { option: string; benefit: AidCell; harm: AidCell }[];
  }[];
  matters: { id: string; text: string }[];
  uncertainty: string;
  talk_first: string;
  help_now: string;
  sources: string[];
  reviewed: string | null;
  awaiting_review?: boolean;
}
export interface OpenDecision {
  aid: Aid;
  weights: { item: string; text: string; weight: number }[];
  leaning: string | null;
  leaning_name: string | null;
  words: string | null;
  saved_at: string | null;
  version: number;
}
export interface Decisions {
  open: OpenDecision[];
  made: {
    id: string;
    on: string;
    topic: string;
    choice: string;
    choice_name: string | null;
    choice_words: string | null;
    weights: { item: string; text: string; weight: number }[];
    took_part: string[];
  }[];
  empty: string | null;
}

export interface SafetyPerson {
  name: string;
  phone: string | null;
}
export interface SafetySteps {
  [id: string]: string[] | SafetyPerson[];
}
export interface SafetyPlan {
  plan: {
    version: number;
    written_on: string;
    by: string;
    language: string;
    steps: SafetySteps;
    not_for_me: string[];
  } | null;
  version: number;
  words: {
    title: string;
    intro: string;
    not_for_me: string;
    steps: { id: string; heading: string; hint: string; kind: 'lines' | 'people' }[];
    review?: string | null;
  };
  help: Help;
  may_edit: boolean;
  made_with: string;
  empty?: string | null;
}

export interface Treatment {
  id: string;
  kind: 'medication' | 'psychotherapy';
  name: string;
  dose: string | null;
  since: string;
  words: string;
  today: string | null;
  taken: { on: string; taken: 'yes' | 'partly' | 'no' }[];
  side_effects: { id: string; on: string; text: string; bother: number | null }[];
}
export interface Treatments {
  items: Treatment[];
  past: { id: string; kind: string; name: string; since: string; until: string | null; words: string }[];
  advice: string;
  empty: string | null;
}
export interface LogEntry {
  id: string;
  kind: 'mood' | 'activity' | 'medicine' | 'side_effect';
  on: string;
  at: string;
  by: string;
  score: number | null;
  text: string | null;
  pleasure: number | null;
  mastery: number | null;
  treatment: { id: string; name: string } | null;
  taken: string | null;
  bother: number | null;
}
export interface Logs {
  items: LogEntry[];
  next: string | null;
  seen_by_team: string;
}

export interface ThreadLine {
  id: string;
  subject: string;
  state: 'waiting' | 'answered' | 'closed';
  last_at: string;
  unread: number;
  last_words: string;
  version: number;
}
export interface Message {
  id: string;
  at: string;
  by: string;
  name: string | null;
  role_name: string | null;
  text: string;
  read: { at: string; role_name: string } | null;
}
export interface Thread {
  id: string;
  subject: string;
  state: 'waiting' | 'answered' | 'closed';
  closed_words: string | null;
  version: number;
  messages: Message[];
  earlier: string | null;
}
export interface Messages {
  items: ThreadLine[];
  next: string | null;
  thread: Thread | null;
  response_time: string;
  not_for_emergencies: string;
  hours: string | null;
  expect: string;
  empty?: string | null;
  most_characters: number;
}

export interface SurveyItem {
  id: string;
  text: string | null;
  kind: 'scale' | 'choice' | 'words';
  minimum: number;
  maximum: number;
  low: string | null;
  high: string | null;
  options: { value: number | string; text: string }[];
  optional: boolean;
}
export interface Survey {
  id: string;
  title: string;
  intro: string;
  reason: string;
  items: SurveyItem[];
  source: string | null;
}
export interface Surveys {
  due: Survey[];
  answered: { id: string; title: string; on: string }[];
  who_reads?: string;
  empty: string | null;
}
export interface Feedback {
  items: {
    id: string;
    at: string;
    topic: string;
    topic_name: string;
    text: string;
    anonymous: boolean;
    state: string;
    state_words: string;
    answer: string | null;
    closed_at: string | null;
  }[];
  topics: { id: string; text: string }[];
  who_reads: string;
}
export interface CheckIns {
  open: {
    id: string;
    due_date: string | null;
    titles: string[];
    answered: number;
    questions: number;
    expires_at: string;
  } | null;
  recent: {
    id: string;
    titles: string[];
    submitted_at: string;
    read_at: string | null;
    read_by_role: string;
    on_behalf: boolean;
  }[];
}

export interface Visit {
  id: string;
  starts_at: string;
  ends_at: string;
  zone: string;
  date: string;
  start_minute: number;
  minutes: number;
  kind: 'in_person' | 'phone' | 'video';
  with: string;
  clinic: string;
  place: string | null;
  video_link?: string | null;
  state: string;
  answer: 'none' | 'confirmed' | 'change_asked' | 'cancelled';
  can_answer: boolean;
  calendar: string;
}
export interface Visits {
  upcoming: Visit[];
  past: Visit[];
}
export interface GroupPlace {
  id: string;
  name: string;
  topic: string;
  state: 'waiting' | 'invited' | 'offered' | 'joined' | 'left';
  answer_by?: string | null;
  facilitators: string[];
  modality: 'in_person' | 'phone' | 'video';
  place: string | null;
  video_link?: string | null;
  sessions: {
    starts_at: string;
    zone: string;
    date: string;
    start_minute: number;
    minutes: number;
    state: string;
  }[];
}
export interface Groups {
  items: GroupPlace[];
}
export interface Community {
  needs: { id: string; kind: string; state: string }[];
  referrals: {
    id: string;
    kind: string;
    service: { name: string; phone: string | null; hours: string | null; web: string | null };
    state: string;
    sent_on: string;
    shares: string[];
  }[];
}

export interface Trusted {
  id: string;
  name: string;
  relationship: string;
  kind: 'trusted' | 'guardian';
  channel: 'mail' | 'sms';
  address: string;
  scopes: Scope[];
  part2: boolean;
  language: string;
  state: 'invited' | 'active' | 'ended' | 'expired' | 'ask_again';
  invited_at: string;
  invited_by: 'you' | 'staff';
  accepted_at: string | null;
  expires_on: string;
  ended_at: string | null;
  ended_by: string | null;
  last_used_at: string | null;
  version: number;
}
export interface Accesses {
  items: {
    at: string;
    who: { kind: string; name: string | null; role: string };
    act: string;
    about: string;
    text: string;
  }[];
  next: string | null;
}
export interface Preferences {
  channel: 'mail' | 'sms' | 'none' | null;
  language: string | null;
  quiet_from: string | null;
  quiet_until: string | null;
  tell_when_read: boolean;
  mail_stopped: boolean;
  sms_stopped: boolean;
  sms_stopped_by_reply_at: string | null;
  version: number;
  effective: { channel: string | null; language: string; quiet_from: string; quiet_until: string };
  why_not: string;
}

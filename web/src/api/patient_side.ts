// Rows of the patient's side as the staff routes give them (check-ins, messages, portal, reading, visits, groups, community, program).
export interface Who {
  id: string;
  name: string;
}
export interface Named {
  id: string;
  given_name: string;
  family_name: string;
}
export interface List<T> {
  items: T[];
  next?: string | null;
}

export interface CheckInForm {
  instrument: string;
  title: string;
  informant?: string | null;
  measurement_id?: string | null;
  by_staff?: boolean;
}
export interface CheckIn {
  id: string;
  patient_id: string;
  site_id: string;
  channel: 'link' | 'qr' | 'kiosk' | 'portal';
  why: 'staff' | 'reminder' | 'weekly' | 'patient';
  state: 'made' | 'sent' | 'started' | 'submitted' | 'expired' | 'revoked' | 'fulfilled';
  language: string;
  forms: CheckInForm[];
  due_date?: string | null;
  answered: number;
  questions: number;
  on_behalf: boolean;
  made_at: string;
  made_by?: Who | null;
  sent_at?: string | null;
  started_at?: string | null;
  expires_at: string;
  ended_at?: string | null;
  ended_why?: string;
  ended_by?: Who | null;
  receipt?: string | null;
  seen_at?: string | null;
  seen_by?: Who | null;
  seen_role?: string | null;
  identity_verified: boolean;
  safety?: boolean;
  version: number;
  /** once, for the tablet and the code */
  url?: string;
  qr?: { size: number; path: string };
}
export interface InboxCheckIn extends CheckIn {
  patient: Named;
}

export interface PatientMessage {
  id: string;
  at: string;
  by: 'patient' | 'trusted_person' | 'staff';
  author?: Who | null;
  author_name?: string | null;
  role?: string | null;
  text: string;
  read?: { at: string; by?: Who | null; role?: string | null } | null;
}
export interface ThreadHead {
  thread_id: string;
  patient: Who;
  site_id: string;
  subject: string;
  state: 'waiting' | 'answered' | 'closed';
  addressee?: Who | null;
  waiting_since?: string | null;
  answer_due?: string | null;
  overdue: boolean;
  last_at: string;
  last_by: 'patient' | 'trusted_person' | 'staff';
  last_words: string;
  unread: number;
  version: number;
}
export interface Thread extends Omit<ThreadHead, 'thread_id' | 'patient' | 'last_words'> {
  id?: string;
  thread_id?: string;
  patient?: Who;
  messages: PatientMessage[];
  closed_reason?: string | null;
  labels?: string[];
}

export type AddressState = 'set' | 'failing' | 'stopped' | 'not_set_up' | 'none';
export interface ContactPreferences {
  channel: 'mail' | 'sms' | 'none' | null;
  language: 'en' | 'es' | null;
  quiet_from: string | null;
  quiet_until: string | null;
  tell_when_read: boolean;
  mail_stopped: boolean;
  sms_stopped: boolean;
  version: number;
  effective: { channel: 'mail' | 'sms' | null; language: string; quiet_from: string; quiet_until: string };
  why_not: string;
  sms_stopped_by_reply_at?: string | null;
  addresses: { mail: AddressState; sms: AddressState };
}
export interface Reminders {
  paused: boolean;
  paused_until: string | null;
  pause_reason: string;
  every_days: number | null;
  weekly_agreed: boolean;
  visits: boolean;
  version: number;
  next: { act: string; instruments: string[]; due: string; why: string }[];
  recent: { day: string; act: string; why: string; object_id?: string | null; message_id?: string | null }[];
}
export interface PatientOut {
  id: string;
  kind: string;
  channel: 'mail' | 'sms';
  to_self: boolean;
  state: 'queued' | 'retrying' | 'sent' | 'dead' | 'cancelled';
  delivery: 'delivered' | 'undelivered' | null;
  queued_at: string;
  not_before?: string | null;
  sent_at?: string | null;
  ended_at?: string | null;
  attempts: number;
  why?: string | null;
  instead_of?: string | null;
  object_id?: string | null;
}
export interface MessagesOut extends List<PatientOut> {
  reach: { channel: 'mail' | 'sms' | null; why_not: string };
}

export interface Invitation {
  id: string;
  channel: 'mail' | 'sms';
  for?: 'patient' | 'trusted_person';
  state: 'open' | 'accepted' | 'expired' | 'ended';
  made_at: string;
  made_by?: Who | null;
  expires_at: string;
  accepted_at?: string | null;
  tries_left: number;
}
export interface TrustedPerson {
  id: string;
  name: string;
  relationship?: string | null;
  kind: 'trusted' | 'guardian';
  channel: 'mail' | 'sms';
  scopes: string[];
  part2: boolean;
  language?: string | null;
  state: 'invited' | 'active' | 'ended' | 'expired' | 'ask_again';
  invited_at: string;
  invited_by: 'you' | 'staff';
  accepted_at?: string | null;
  expires_on: string;
  ended_at?: string | null;
  ended_by?: string | null;
  last_used_at?: string | null;
  wish?: string | null;
  version: number;
}
export interface PortalState {
  account: {
    id: string;
    state: 'active' | 'ended';
    display_name: string;
    channels: string[];
    created_at: string;
    last_active_at?: string | null;
    ended_at?: string | null;
    ended_because?: string | null;
  } | null;
  stage?: 'child' | 'adolescent' | 'adult';
  can_invite: { channels: ('mail' | 'sms')[]; problem?: string | null };
  invitations: Invitation[];
  trusted_persons: TrustedPerson[];
}

export interface PatientLog {
  id: string;
  kind: 'mood' | 'activity' | 'medicine' | 'side_effect';
  on: string;
  at: string;
  by: 'patient' | 'trusted_person';
  score?: number | null;
  text?: string | null;
  pleasure?: number | null;
  mastery?: number | null;
  treatment?: { id: string; name: string } | null;
  taken?: 'yes' | 'partly' | 'no' | null;
  bother?: number | null;
}

export interface Visit {
  id: string;
  patient: Named;
  site_id: string;
  staff: Who | null;
  starts_at: string;
  ends_at: string;
  zone: string;
  date: string;
  start_minute: number;
  minutes: number;
  kind: 'in_person' | 'phone' | 'video';
  purpose: string;
  place?: string | null;
  video_link?: string | null;
  note?: string | null;
  state: 'booked' | 'arrived' | 'done' | 'cancelled' | 'no_show';
  answer: 'none' | 'confirmed' | 'change_asked' | 'cancelled';
  answer_words?: string | null;
  answered_at?: string | null;
  answered_by?: string | null;
  cancelled_by?: string | null;
  reason?: string | null;
  labels?: string[];
  contact_id?: string | null;
  version: number;
  warnings?: string[];
  history?: VisitEvent[];
  contact_prefill?: null | {
    kind: string;
    modality: string;
    date: string;
    started_at: string;
    minutes: number;
    visit_id: string;
  };
}
export interface VisitEvent {
  at: string;
  by?: Who | null;
  by_kind: string;
  kind: string;
  starts_before?: string | null;
  staff_before?: Who | null;
  reason?: string | null;
}
export interface NewVisit {
  staff_id?: string;
  date: string;
  start_minute: number;
  minutes: number;
  kind: string;
  purpose?: string;
  place?: string;
  note?: string;
  confidential?: boolean;
  overlap_reason?: string;
  tell_patient?: boolean;
  reason?: string;
}

export interface Group {
  id: string;
  site_id: string;
  name: string;
  topic?: string | null;
  kind: string;
  language?: string | null;
  modality: 'in_person' | 'video' | 'phone';
  place?: string | null;
  video_link?: string | null;
  capacity: number;
  every_weeks: number;
  first_date: string;
  start_minute: number;
  minutes: number;
  sessions_planned?: number;
  offer_days: number;
  state: 'open' | 'ended';
  reason?: string | null;
  facilitators: (Who | null)[];
  joined: number;
  held: number;
  waiting: number;
  free: number;
  next_session?: { id: string; starts_at: string } | null;
  version: number;
  members?: Member[];
  sessions?: Session[];
  warnings?: string[];
}
export interface Member {
  id: string;
  patient: Named;
  state: 'waiting' | 'invited' | 'offered' | 'joined' | 'left';
  place_in_line?: number | null;
  answer_by?: string | null;
  joined_on?: string | null;
  left_on?: string | null;
  added_at: string;
  reason?: string | null;
  version: number;
}
export interface Session {
  id: string;
  number: number;
  starts_at: string;
  ends_at: string;
  date: string;
  start_minute: number;
  minutes: number;
  state: 'planned' | 'held' | 'cancelled';
  reason?: string | null;
  present?: number | null;
  version: number;
  attendance?: Attendance[];
}
export type Presence = 'present' | 'absent' | 'excused' | 'phone';
export interface Attendance {
  member_id: string;
  patient: Named;
  status: string | null;
  note?: string | null;
  contact_id?: string | null;
}
export interface PatientGroup {
  group: { id: string; name: string; topic?: string | null; kind: string };
  member: Omit<Member, 'patient'>;
  attended: number;
  missed: number;
  excused: number;
  next_session?: { id: string; starts_at: string } | null;
  notes: { date: string; status: Presence; note?: string | null }[];
}

export interface Service {
  id: string;
  name: string;
  kinds: string[];
  areas: string[];
  languages: string[];
  phone?: string | null;
  hours?: string | null;
  web?: string | null;
  eligibility?: string | null;
  cost?: string | null;
  note?: string | null;
  checked_on?: string | null;
  withdrawn: boolean;
  version: number;
}
export interface Need {
  id: string;
  kind: string;
  state: 'found' | 'wants_help' | 'declined' | 'later' | 'met';
  later_until?: string | null;
  source: string;
  found_on: string;
  note?: string | null;
  open_referrals?: number;
  labels?: string[];
  version: number;
  patient?: Named;
}
export interface Screening {
  id: string;
  form: string;
  on: string;
  asked: string[];
  found: string[];
  declined: boolean;
  by?: Who | null;
}
export interface CommunityReferral {
  id: string;
  patient?: Named;
  need: { id: string; kind: string };
  service: { id: string; name: string; phone?: string | null };
  state: 'sent' | 'accepted' | 'declined' | 'seen' | 'closed';
  sent_on: string;
  sent_by_way: string;
  shares: string[];
  consent?: { method: string; on: string; recorded_by?: Who | null; withdrawn_on?: string | null } | null;
  accepted_on?: string | null;
  declined_on?: string | null;
  seen_on?: string | null;
  seen_confirmed_by?: string | null;
  closed_on?: string | null;
  outcome?: string | null;
  reason?: string | null;
  owner?: Who | null;
  due_on: string | null;
  overdue_days: number;
  note?: string | null;
  version: number;
}

/** What the patient's page knows at once; each part only for who may see it. */
export interface PatientSideSummary {
  patient_messages?: {
    waiting: number;
    unread: number;
    oldest_waiting?: string | null;
    thread_id?: string | null;
  } | null;
  patient_logs?: {
    mood: { on: string; score: number }[];
    activities: number;
    last: PatientLog[];
    side_effects: number;
  } | null;
  visits?: { next: Omit<Visit, 'patient'>[]; last_no_show?: string | null; no_shows_90_days?: number } | null;
  groups?:
    | {
        group_id: string;
        name: string;
        state: Member['state'];
        next_session?: { id: string; starts_at: string } | null;
        attended: number;
        missed: number;
      }[]
    | null;
  community?: { needs: Need[]; referrals: CommunityReferral[] } | null;
}

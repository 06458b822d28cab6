export interface Card {
  id: string;
  title: string;
  topic: string;
  audience: string[];
  minutes: number;
  languages: string[];
  language: string;
  is_reviewed: boolean;
}
export interface Span {
  text: string;
  strong?: boolean;
  em?: boolean;
  link?: string | null;
}
export interface Block {
  kind: 'heading' | 'paragraph' | 'list' | 'numbers';
  spans?: Span[];
  items?: Span[][];
}
export interface Piece extends Card {
  blocks: Block[];
}
export interface Library {
  items: Card[];
  topics: { id: string; title: string }[];
}
export interface Assigned {
  id: string;
  piece: Card;
  language: string;
  other_language: boolean;
  note?: string | null;
  confidential: boolean;
  assigned_by?: { id: string; name: string } | null;
  assigned_at: string;
  assigned_date: string;
  withdrawn_at?: string | null;
  opened_at?: string | null;
  finished_at?: string | null;
  version: number;
}
export interface PatientReading {
  assigned: Assigned[];
  suggested: { piece: Card; why: string }[];
  read: {
    piece: Card;
    by: 'patient' | 'trusted_person';
    opened_at?: string | null;
    finished_at?: string | null;
  }[];
}

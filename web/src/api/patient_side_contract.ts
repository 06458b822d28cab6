// Holds the shapes of patient_side.ts against the server's own document: what the document gives must fit what the pages read. Types only.
import type * as Side from './patient_side';
import type { components, operations } from './schema';

type S = components['schemas'];
type Fits<Given extends Read, Read> = Given;
/** What a page is given by a GET. */
type Answer<Id extends keyof operations> = operations[Id] extends {
  responses: { 200: { content: { 'application/json': infer Body } } };
}
  ? Body
  : never;
/** The document leaves out whose row it is where the path says so. */
type Whose = { patient: Side.Named };

export type Held = [
  Fits<S['Visit'] & Whose, Side.Visit>,
  Fits<S['CheckIn'], Side.CheckIn>,
  Fits<S['CareGroup'], Omit<Side.Group, 'members'>>,
  Fits<S['GroupMember'] & Whose, Side.Member>,
  Fits<S['GroupSession'], Side.Session>,
  Fits<S['CommunityService'], Side.Service>,
  Fits<S['SocialNeed'], Side.Need>,
  Fits<S['NeedScreening'], Side.Screening>,
  Fits<S['CommunityReferral'], Side.CommunityReferral>,
  Fits<NonNullable<Answer<'patient_contact.preferences'>['addresses']>, Side.ContactPreferences['addresses']>,
  Fits<Answer<'patient_contact.messages'>, Side.MessagesOut>,
  Fits<Answer<'reminders.read'>, Side.Reminders>,
];

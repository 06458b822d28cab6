// Short names for the rows of the server's own OpenAPI document.
import type { components } from './schema';

type S = components['schemas'];

export type Problem = S['Problem'];
export type Session = S['Session'];
export type Account = S['Account'];
export type Staff = S['Staff'];
export type Line = S['Line'];
/** A line as the caseload lists it; the patient's own lines say why. */
export type ListLine = S['ListLine'];
export type Series = S['Series'];
export type CaseloadRow = S['CaseloadRow'];
export type Caseload = S['Caseload'];
export type Need = CaseloadRow['need'];
export type Patient = S['Patient'];
export type PatientHit = S['PatientHit'];
export type NewPatient = S['NewPatient'];
export type Coverage = S['Coverage'];
export type Referral = S['Referral'];
export type Attempt = S['Attempt'];
export type Episode = S['Episode'];
export type EpisodeAct = S['EpisodeAct'];
export type Consent = S['Consent'];
export type TeamMember = S['TeamMember'];
export type Measurement = S['Measurement'];
export type NewMeasurement = S['NewMeasurement'];
export type Contact = S['Contact'];
export type NewContact = S['NewContact'];
export type ContactSaved = S['ContactSaved'];
export type Treatment = S['Treatment'];
export type Review = S['Review'];
export type SafetyEvent = S['SafetyEvent'];
export type Summary = S['Summary'];
export type Instrument = S['Instrument'];
export type InstrumentHead = S['InstrumentHead'];

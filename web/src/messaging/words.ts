import { msg, t } from '@lingui/core/macro';
import type { MessagesOut, PatientOut } from '../api/patient_side';
import { type Words, word } from '../ui/words';

/** Why nothing can go to this person, and what to do about it. */
export function cannotReach(why: string, name: string): string {
  switch (why) {
    case 'no_address':
      return t`There is neither mail nor phone for ${name}. Add one in the patient’s details.`;
    case 'wants_none':
      return t`${name} wants no messages. Talk about it before you change it.`;
    case 'stopped':
      return t`${name} has stopped the messages. Only ${name} can start them again: START to the same number.`;
    case 'not_set_up':
      return t`Sending is not set up here. Ask your administrator.`;
    case 'deceased':
      return t`Nothing is sent after a death.`;
    default:
      return t`Nothing can be sent to ${name} now.`;
  }
}

export function reachWords(reach: MessagesOut['reach'], name: string): string {
  if (!reach.channel) return cannotReach(reach.why_not, name);
  return reach.channel === 'mail' ? t`Goes to ${name} by mail.` : t`Goes to ${name} by text message.`;
}

export const kindWords: Words = {
  'checkins.asked': msg`check-in`,
  'checkins.again': msg`check-in, a reminder`,
  'checkins.before_visit': msg`check-in before a visit`,
  'checkins.weekly': msg`weekly question`,
  'checkins.read': msg`somebody read the answers`,
  'checkins.wrong_address': msg`the link no longer works`,
  'portal.invited': msg`invitation to the portal`,
  'portal.code': msg`sign-in code`,
  'portal.trusted_invited': msg`invitation of a trusted person`,
  'patient_messages.waiting': msg`a message waits in the portal`,
  'visits.soon': msg`visit reminder`,
  'visits.booked': msg`visit booked`,
  'visits.changed': msg`visit moved`,
  'visits.cancelled': msg`visit called off`,
  'groups.soon': msg`group reminder`,
  'groups.changed': msg`group moved`,
  'groups.place': msg`a place in a group`,
  'education.waiting': msg`something to read`,
  'surveys.asked': msg`a survey`,
  'community.news': msg`news on help outside`,
  'sms.stopped': msg`messages stopped`,
  'sms.started': msg`messages started`,
  'sms.help': msg`help with messages`,
};

/** "delivered", "sent, not known whether it arrived", "not delivered" */
export function deliveryWords(one: PatientOut): string {
  if (one.delivery === 'undelivered' || one.state === 'dead') return t`not delivered`;
  if (one.delivery === 'delivered') return t`delivered`;
  switch (one.state) {
    case 'queued':
      return one.not_before ? t`waits for the end of quiet hours` : t`waits to be sent`;
    case 'retrying':
      return t`is tried again`;
    case 'cancelled':
      return t`called back before it was sent`;
    default:
      return t`sent`;
  }
}
export const kindOf = (one: PatientOut) => word(kindWords, one.kind);
export const failed = (one: PatientOut) => one.state === 'dead' || one.delivery === 'undelivered';

export const actWordsOf: Words = {
  check_in: msg`a check-in`,
  weekly: msg`the weekly question`,
  again: msg`a reminder of an open check-in`,
  visit: msg`a visit reminder`,
  check_in_before_visit: msg`a check-in before the visit`,
  ask: msg`the team asks instead`,
};

import { expect, it } from 'vitest';
import type { ListLine } from '../api/types';
import { actLink, actWord } from './acts';

const line = (rule: string, suggested_act: string) =>
  ({ rule, suggested_act, text: '', due: null }) as unknown as ListLine;

it('a line of the patient’s side opens the sheet where it is settled', () => {
  expect(actLink('p', line('checkin.unseen', 'see_measurement')).search).toEqual({ do: 'answers' });
  expect(actLink('p', line('message.unanswered', 'answer_message')).search).toEqual({ do: 'messages' });
  expect(actLink('p', line('community.open', 'confirm_community_referral')).search).toEqual({
    do: 'community',
  });
  expect(actLink('p', line('education.language', 'give_material')).search).toEqual({ do: 'reading' });
});
it('its button says what a colleague would', () => {
  expect(actWord(line('checkin.unseen', 'see_measurement'))).toBe('See answers');
  expect(actWord(line('message.unanswered', 'answer_message'))).toBe('Answer');
  expect(actWord(line('community.open', 'confirm_community_referral'))).toBe('Confirm seen');
});
it('a safety line leads to safety whatever else it says', () => {
  expect(actLink('p', line('safety.unreviewed', 'see_measurement')).to).toBe('/patients/$patient/safety');
});

import { msg } from '@lingui/core/macro';
import type { Words } from '../ui/words';

export const groupKindWords: Words = {
  skills: msg`Skills`,
  education: msg`Learning together`,
  support: msg`Support`,
  psychotherapy: msg`Psychotherapy`,
};
export const memberWords: Words = {
  waiting: msg`on the waiting list`,
  invited: msg`invited`,
  offered: msg`a place is offered`,
  joined: msg`in the group`,
  left: msg`left`,
};
export const presenceWords: Words = {
  present: msg`There`,
  phone: msg`By phone`,
  excused: msg`Excused`,
  absent: msg`Not there`,
};
export const sessionWords: Words = {
  planned: msg`planned`,
  held: msg`took place`,
  cancelled: msg`called off`,
};
export const everyWords: Words = {
  1: msg`every week`,
  2: msg`every two weeks`,
  4: msg`every four weeks`,
};

import { msg } from '@lingui/core/macro';
import type { Words } from '../ui/words';

/** Who is who, in words a patient uses. */
export const paperRoleWords: Words = {
  patient: msg`me`,
  caregiver: msg`somebody who cares for me`,
  interpreter: msg`an interpreter`,
  care_manager: msg`my care manager`,
  pcp: msg`my doctor`,
  psychiatric_consultant: msg`the psychiatrist who advises the team`,
  bh_specialist: msg`my therapist`,
  therapist: msg`my therapist`,
  community_worker: msg`my community worker`,
  obstetrician: msg`my obstetrician`,
  pediatrician: msg`my child's doctor`,
  nurse: msg`my nurse`,
  family: msg`family or friend`,
  trusted_person: msg`somebody I trust`,
  school: msg`school`,
  other: msg`on my team`,
};

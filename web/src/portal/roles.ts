// Who somebody is, where the server gives only the word of the program.
import { t } from '@lingui/core/macro';

export function roleWords(role: string): string {
  switch (role) {
    case 'care_manager':
      return t`a care manager`;
    case 'pcp':
      return t`your primary care doctor`;
    case 'psychiatric_consultant':
      return t`a psychiatrist`;
    case 'bh_specialist':
      return t`a therapist`;
    case 'community_worker':
      return t`a community worker`;
    default:
      return t`your team`;
  }
}

/** The role alone: "care manager". */
export function roleName(role: string): string {
  switch (role) {
    case 'care_manager':
      return t`care manager`;
    case 'pcp':
      return t`primary care doctor`;
    case 'psychiatric_consultant':
      return t`psychiatrist`;
    case 'bh_specialist':
      return t`therapist`;
    case 'community_worker':
      return t`community worker`;
    case 'program_manager':
      return t`program manager`;
    case 'privacy_officer':
      return t`privacy officer`;
    case 'billing':
      return t`billing`;
    case 'admin':
      return t`administrator`;
    case 'trusted_person':
      return t`a person who helps you`;
    case 'form':
      return t`check-in link`;
    case 'machine':
    case 'system':
    case '':
      return t`Concord, by itself`;
    default:
      return role;
  }
}

import { t } from '@lingui/core/macro';
import type { Column } from './search';

export function columnName(id: Column): string {
  switch (id) {
    case 'weeks':
      return t`Weeks`;
    case 'phq':
      return 'PHQ-9';
    case 'gad':
      return 'GAD-7';
    case 'contact':
      return t`Last contact`;
    case 'next':
      return t`Next`;
    case 'plan':
      return t`Plan since`;
    case 'review':
      return t`Review`;
  }
}

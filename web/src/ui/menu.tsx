// Menus are loaded right after the page they stand on: the words come first.
import { lazy, Suspense } from 'react';
import { ChevronIcon } from './icons';
import { MenuLabel } from './menu_label';
import type { MenuProps } from './menu_real';

const Real = lazy(() => import('./menu_real'));

export function MenuButton(props: MenuProps) {
  return (
    <Suspense
      fallback={
        <button type="button" disabled className={props.look === 'plain' ? 'button' : 'button button-quiet'}>
          <MenuLabel name={props.name} label={props.label} />
          <ChevronIcon />
        </button>
      }
    >
      <Real {...props} />
    </Suspense>
  );
}

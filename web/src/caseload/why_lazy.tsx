// The explanation of a line is loaded when somebody asks for it.
import { type ComponentProps, lazy, Suspense } from 'react';
import type { Why as Shown } from './why';
import './why.css';

const Loaded = lazy(() => import('./why').then((module) => ({ default: module.Why })));

export function Why(props: ComponentProps<typeof Shown>) {
  return (
    <Suspense fallback={null}>
      <Loaded {...props} />
    </Suspense>
  );
}

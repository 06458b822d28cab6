// The explanation of a row is loaded when somebody asks for it.
import { type ComponentProps, lazy, Suspense } from 'react';
import type { WhyLines as Shown } from './why';
import './why.css';

const Loaded = lazy(() => import('./why').then((module) => ({ default: module.WhyLines })));

export function WhyLines(props: ComponentProps<typeof Shown>) {
  return (
    <Suspense fallback={null}>
      <Loaded {...props} />
    </Suspense>
  );
}

// The explanation of a line is loaded when somebody asks for it.
import { type ComponentProps, lazy, Suspense } from 'react';
import type { Why as Shown, WhyLines as ShownLines } from './why';
import './why.css';

const Loaded = lazy(() => import('./why').then((module) => ({ default: module.Why })));

export function Why(props: ComponentProps<typeof Shown>) {
  return (
    <Suspense fallback={null}>
      <Loaded {...props} />
    </Suspense>
  );
}

const LoadedLines = lazy(() => import('./why').then((module) => ({ default: module.WhyLines })));

export function WhyLines(props: ComponentProps<typeof ShownLines>) {
  return (
    <Suspense fallback={null}>
      <LoadedLines {...props} />
    </Suspense>
  );
}

// Small drawings beside words; never alone without a name, so all are hidden from screen readers.
import type { ReactNode } from 'react';
import type { Need } from '../api/types';

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

/** Each need has its own shape, so that colour is never the only sign. */
const needShapes: Record<Need, ReactNode> = {
  safety: <path d="M8 1.8 14.5 13.5h-13zM8 6.2v3.4M8 11.6v.1" />,
  overdue: <path d="M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 4.8V8l2.2 1.6" />,
  not_improving: <path d="M1.8 5.2h4l2.4 3.4 2.2-2h3.8M11.6 4l2.6 2.6-2.6 2.6" />,
  review_due: <path d="M2 3h12v8H8.5L5 13.8V11H2zM5 6h6M5 8.3h4" />,
  target_met: <path d="M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM5.3 8.2 7.2 10l3.5-4" />,
  on_track: <path d="M2.5 8h11M9.8 4.4 13.5 8l-3.7 3.6" />,
};
export const NeedIcon = ({ need }: { need: Need }) => <Icon>{needShapes[need]}</Icon>;

export const SearchIcon = () => (
  <Icon>
    <circle cx="7" cy="7" r="4.4" />
    <path d="m10.4 10.4 3.4 3.4" />
  </Icon>
);
export const ChevronIcon = () => (
  <Icon>
    <path d="m4 6 4 4 4-4" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="m4 4 8 8M12 4l-8 8" />
  </Icon>
);
export const CheckIcon = () => (
  <Icon>
    <path d="m3.5 8.5 3 3 6-7" />
  </Icon>
);
export const PhoneIcon = () => (
  <Icon>
    <path d="M3 2.5h2.6l1.2 3-1.6 1.2a8 8 0 0 0 4 4l1.2-1.6 3 1.2v2.6c-6 .8-11.2-4.4-10.4-10.4z" />
  </Icon>
);
export const PrintIcon = () => (
  <Icon>
    <path d="M4.5 6V2.5h7V6M4.5 11H2.5V6h11v5h-2M4.5 9h7v4.5h-7z" />
  </Icon>
);
export const Mark = () => (
  <svg
    width="22"
    height="22"
    viewBox="0 0 24 24"
    fill="none"
    stroke="var(--brand)"
    strokeWidth="2.6"
    strokeLinecap="round"
    aria-hidden="true"
  >
    <path d="M15.5 5.2a7.5 7.5 0 1 0 4 6.8" />
    <circle cx="12" cy="12" r="2.6" fill="var(--brand)" stroke="none" />
  </svg>
);

// The code to scan, drawn by the server as one path; white around it in the dark too, or phones do not read it.
import { t } from '@lingui/core/macro';
import './checkins.css';

const QUIET = 4;

export function QrCode({ qr }: { qr: { size: number; path: string } }) {
  const whole = qr.size + 2 * QUIET;
  return (
    <svg
      className="qr"
      viewBox={`${-QUIET} ${-QUIET} ${whole} ${whole}`}
      role="img"
      aria-label={t`Code with the link to the questions`}
      shapeRendering="crispEdges"
    >
      <rect x={-QUIET} y={-QUIET} width={whole} height={whole} fill="#fff" />
      <path d={qr.path} fill="#000" />
    </svg>
  );
}

// A page may stand inside another one: as the preview of what a trusted person sees, or on paper.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

export interface Frame {
  /** How many headings stand above; 0: a page of its own. */
  level: number;
  /** Where its words are read: the view as it is, or as a trusted person would get it. */
  address: (view: string) => string;
}
export const FrameContext = createContext<Frame>({ level: 0, address: (view) => view });
export const useFrame = () => useContext(FrameContext);

// What the server promises (openapi.json) must be what the pages expect: `npm run check` fails when it is not.
import { expect, it } from 'vitest';
import type { operations } from '../api/schema';
import type {
  CheckIns,
  Community,
  Decisions,
  Feedback,
  Goals,
  Groups,
  Help,
  Home,
  Logs,
  Messages,
  Plan,
  Preferences,
  SafetyPlan,
  Scores,
  Surveys,
  Team,
  Treatments,
  Visits,
} from './types';

type Answer<Name extends keyof operations> = operations[Name] extends {
  responses: { 200: { content: { 'application/json': infer Body } } };
}
  ? Open<Body>
  : never;
/** Where the server says only "an object", nothing is asked of it. */
type Open<T> =
  T extends Record<string, never>
    ? never
    : T extends (infer One)[]
      ? Open<One>[]
      : T extends object
        ? { [Key in keyof T]: Open<T[Key]> }
        : T;

/** Every answer the server may give is one the page knows: each line is a proof by the compiler. */
const proofs = [
  (server: Answer<'portal_view.home'>): Home => server,
  (server: Answer<'portal_view.scores'>): Scores => server,
  (server: Answer<'portal_view.plan'>): Plan => server,
  (server: Answer<'portal_view.team'>): Team => server,
  (server: Answer<'portal_view.goals'>): Goals => server,
  (server: Answer<'portal_view.decisions'>): Decisions => server,
  (server: Answer<'portal_view.safety_plan'>): SafetyPlan => server,
  (server: Answer<'portal_view.treatments'>): Treatments => server,
  (server: Answer<'portal_view.logs'>): Logs => server,
  (server: Answer<'portal_view.messages'>): Messages => server,
  (server: Answer<'portal_view.surveys'>): Surveys => server,
  (server: Answer<'portal_view.feedback'>): Feedback => server,
  (server: Answer<'portal_view.check_ins'>): CheckIns => server,
  (server: Answer<'portal_view.visits'>): Visits => server,
  (server: Answer<'portal_view.groups'>): Groups => server,
  (server: Answer<'portal_view.community'>): Community => server,
  (server: Answer<'portal_view.contact_preferences'>): Preferences => server,
  (server: Answer<'portal.help'>): Help => server,
];

it('every view of the server is one the pages can show', () => {
  expect(proofs).toHaveLength(18);
});

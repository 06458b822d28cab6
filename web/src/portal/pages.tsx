/** @jsxImportSource preact */
// Everything there is, in words, in one list.
import { t } from '@lingui/core/macro';
import { Link } from './router';
import { useHere } from './session';
import { H2, Page } from './ui';

export default function PagesPage() {
  const here = useHere();
  const self = here.isSelf;
  const parts: { heading: string; links: [string, string, boolean][] }[] = [
    {
      heading: t`Your care`,
      links: [
        ['plan', t`Your plan`, here.sees('plan')],
        ['scores', t`Your scores over time`, here.sees('scores')],
        ['check-ins', t`Check-ins`, here.may('check_in')],
        ['medicines', t`Your medicines and treatment`, here.sees('treatments')],
        ['choices', t`Choices to make together`, here.sees('decisions')],
        ['safety-plan', t`Safety plan`, here.sees('safety-plan')],
        ['team', t`Your team`, here.sees('team')],
      ],
    },
    {
      heading: t`Day by day`,
      links: [
        ['goals', t`Goals`, here.sees('goals')],
        ['diary', t`Diary: mood and activities`, here.sees('logs')],
        ['learn', t`Read and learn`, here.sees('education')],
      ],
    },
    {
      heading: t`Meet and talk`,
      links: [
        ['messages', t`Messages`, here.sees('messages')],
        ['visits', t`Visits`, here.sees('visits')],
        ['groups', t`Groups`, here.sees('groups')],
        ['community', t`Help with daily needs`, here.sees('community')],
      ],
    },
    {
      heading: t`Tell us`,
      links: [
        ['questions', t`Questions about your care`, here.sees('surveys')],
        ['feedback', t`Praise, ideas and complaints`, here.sees('feedback')],
      ],
    },
    {
      heading: t`Your page and your privacy`,
      links: [
        ['people', t`People who help you`, self],
        ['seen', t`Who looked at your record`, self],
        ['record', t`Download or print your record`, self],
        ['settings', t`Settings`, true],
      ],
    },
  ];
  return (
    <Page title={t`All pages`}>
      {parts.map((part) => {
        const links = part.links.filter(([, , sees]) => sees);
        return (
          links.length > 0 && (
            <section key={part.heading}>
              <H2>{part.heading}</H2>
              <ul class="rows">
                {links.map(([to, words]) => (
                  <li key={to}>
                    <Link to={`/portal/${to}`}>{words}</Link>
                  </li>
                ))}
              </ul>
            </section>
          )
        );
      })}
    </Page>
  );
}

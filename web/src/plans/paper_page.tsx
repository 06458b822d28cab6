// What the patient takes home: the plan, goals, staying well, a decision or an aid to decide with.
import { t } from '@lingui/core/macro';
import { Trans as PageTrans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { summaryQuery } from '../api/queries';
import type { Language } from '../app/i18n';
import { NoPermission } from '../app/missing';
import { useHere } from '../app/session';
import { Paper, paperLanguage } from '../ui/paper';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { languageWords, word } from '../ui/words';
import { openPlan, shownVersions } from './content';
import { AidPaper, DecisionPaper, GoalsPaper, PlanPaper, RelapsePaper } from './papers';
import { aidQuery, decisionsQuery, goalsQuery, plansQuery } from './queries';

const route = getRouteApi('/patients/$patient/paper/$what');

export function PaperPage() {
  const { patient, what } = route.useParams();
  const search = route.useSearch();
  const { can, session, today: todayAt } = useHere();
  const allowed = can('plans.read');
  const summary = useQuery({ ...summaryQuery(patient), enabled: allowed });
  const plans = useQuery({
    ...plansQuery(patient),
    enabled: allowed && (what === 'plan' || what === 'relapse'),
  });
  const goals = useQuery({
    ...goalsQuery(patient),
    enabled: allowed && (what === 'plan' || what === 'goals'),
  });
  const decisions = useQuery({ ...decisionsQuery(patient), enabled: allowed && what === 'decision' });
  const [chosen, setLanguage] = useState<Language | null>(null);
  const language = chosen ?? paperLanguage(summary.data?.patient.language);
  const decision = decisions.data?.items.find((one) => one.id === search.id);
  const aidId = what === 'aid' ? search.id : (decision?.aid ?? undefined);
  const aid = useQuery({ ...aidQuery(aidId ?? '', language), enabled: allowed && !!aidId });
  useEffect(() => {
    document.title = `${t`For the patient`} · Concord`;
  }, []);
  if (!allowed) return <NoPermission />;
  const failed = [summary, plans, goals, decisions, aid].find((read) => unreadable<unknown>(read));
  if (failed) return <ProblemNote error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!summary.data) return <Skeleton rows={8} widths={[70]} />;
  const { patient: who, episode } = summary.data;
  const site = session.sites.find((one) => one.id === (episode?.site_id ?? who.site_id)) ?? session.sites[0];
  const today = todayAt(site?.id);
  const name = `${who.given_name} ${who.family_name}`;

  let body: ReactNode = <Skeleton rows={8} widths={[70]} />;
  let missing = false;
  if (what === 'plan' || what === 'relapse') {
    if (plans.data && (goals.data || what === 'relapse')) {
      const plan = openPlan(plans.data.items, what === 'plan' ? 'care_plan' : 'relapse_prevention');
      const shown = plan && shownVersions(plan);
      const version = search.draft ? (shown?.draft ?? shown?.current) : (shown?.current ?? shown?.draft);
      if (!version) missing = true;
      else
        body =
          what === 'plan' ? (
            <PlanPaper
              version={version}
              name={who.given_name}
              goals={(goals.data?.items ?? []).filter((goal) => goal.status === 'active')}
              team={teamOf(summary.data)}
            />
          ) : (
            <RelapsePaper version={version} name={who.given_name} />
          );
    }
  } else if (what === 'goals') {
    if (goals.data)
      body = (
        <GoalsPaper
          goals={goals.data.items.filter((goal) => goal.status === 'active')}
          name={who.given_name}
        />
      );
  } else if (what === 'decision') {
    if (decisions.data && !decision) missing = true;
    else if (decision && (aid.data || !aidId))
      body = <DecisionPaper decision={decision} aid={aid.data} name={who.given_name} />;
  } else if (what === 'aid') {
    if (aid.data) body = <AidPaper aid={aid.data} />;
  } else missing = true;
  if (missing)
    return (
      <Empty page title={t`There is nothing to print yet.`}>
        <Link to="/patients/$patient/plan" params={{ patient }}>
          <PageTrans>Open the plan</PageTrans>
        </Link>
      </Empty>
    );
  const own = who.language && !['en', 'es'].includes(who.language) ? word(languageWords, who.language) : '';
  return (
    <Paper
      language={language}
      onLanguage={setLanguage}
      who={{ name, birth_date: who.birth_date }}
      by={session.user.display_name}
      clinic={{
        name: site?.name ?? session.organization.name,
        phone: site?.phone ?? undefined,
        hours: site?.hours ?? undefined,
      }}
      today={today}
      labels={{
        print: t`Print`,
        language: t`Language of this page`,
        other: own
          ? t`${who.given_name} speaks ${own}. There is no page in that language yet: read it with an interpreter.`
          : undefined,
      }}
      tools={
        <Link to="/patients/$patient/plan" params={{ patient }}>
          <PageTrans>Back to the plan</PageTrans>
        </Link>
      }
    >
      {body}
    </Paper>
  );
}

function teamOf(summary: {
  episode?: { care_manager?: { name: string } | null } | null;
  care_team: { name: string; role: string; until?: string | null }[];
}) {
  const manager = summary.episode?.care_manager;
  return [
    ...(manager ? [{ name: manager.name, role: 'care_manager' }] : []),
    ...summary.care_team
      .filter((one) => !one.until && one.name !== manager?.name)
      .map(({ name, role }) => ({ name, role })),
  ];
}

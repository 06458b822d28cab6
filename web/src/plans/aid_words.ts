// The few words around a decision aid, in the language of the aid and not of the page: two people read it.
// Spanish awaits clinical review.
import type { Language } from '../app/i18n';

export const AID_WORDS: Record<
  Language,
  {
    compare: string;
    question: string;
    benefit: string;
    harm: string;
    matters: string;
    scale: string;
    of100: (n: number) => string;
  }
> = {
  en: {
    compare: 'Side by side',
    question: 'Question',
    benefit: 'What is good about it',
    harm: 'What is hard about it',
    matters: 'What matters to me',
    scale: '0: does not matter. 5: matters very much.',
    of100: (n) => `${n} of 100 people`,
  },
  es: {
    compare: 'Lado a lado',
    question: 'Pregunta',
    benefit: 'Lo bueno',
    harm: 'Lo difícil',
    matters: 'Lo que me importa',
    scale: '0: no me importa. 5: me importa mucho.',
    of100: (n) => `${n} de cada 100 personas`,
  },
};

export const WEIGHTS = [0, 1, 2, 3, 4, 5].map((n) => ({ value: String(n), label: String(n) }));

import { isOutsideBase } from '@afecto/domain';
import type { PartyView } from '../figures/definition';
import { isoOrNull } from '../iso';
import { scoredOf } from './measures';

/** The newest answers shown; the timeline has all. */
const SHOWN = 100;
const MILLI = 1_000;

/** What one customer has answered and said of us (PR12). Words stay in the facts: only that there are any is told. */
export const voiceView: PartyView = {
  code: 'PR12',
  name: 'voice-of-customer',
  title: 'Answers to surveys, newest first, and word of mouth',
  read: async ({ evidence }) => ({
    answers: evidence.surveys
      .slice(-SHOWN)
      .toReversed()
      .map((survey) => {
        const scored = scoredOf(survey);
        const { surveyId, instrument, score, scaleMin, scaleMax, aboutEventId, empathy, verbatim } = survey;
        return {
          surveyId,
          at: isoOrNull(survey.at),
          instrument,
          score,
          scaleMin,
          scaleMax,
          onScale: scored === null || instrument === 'custom' ? null : scored.milli / MILLI,
          aboutEventId,
          empathy,
          verbatim,
          countsForFigures: !isOutsideBase(evidence, survey.at),
        };
      }),
    answered: evidence.surveys.length,
    asked: evidence.interactions.filter(({ purpose, direction }) => purpose === 'survey' && direction === 'outbound')
      .length,
    wordOfMouth: evidence.wordOfMouth
      .slice(-SHOWN)
      .toReversed()
      .map(({ eventId, at, polarity, verified, reach }) => ({
        eventId,
        at: isoOrNull(at),
        polarity,
        verified,
        reach,
      })),
  }),
};

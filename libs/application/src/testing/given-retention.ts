import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultConfiguration, type RetentionPeriods, toIso } from '@afecto/domain';
import { findInFiles } from '@afecto/privacy';
import type { Afecto } from '../system/open';
import { cloudEvent, type GivenAfecto, onDay, OPERATOR, right } from './given-afecto';

/** In force from day 0: how long personal data are kept, and who is under legal hold. */
export const keepFor = async (
  afecto: Afecto,
  retention: RetentionPeriods,
  legalHolds: ReadonlyArray<string> = [],
): Promise<void> => {
  const version = afecto.projections.engine.world.regime.policies.at(-1)?.configuration.version ?? 0;
  right(
    await afecto.commands.execute({
      name: 'ActivateConfiguration',
      body: {
        version: version + 1,
        effectiveFrom: toIso(onDay(0)),
        config: { ...defaultConfiguration, version: version + 1, privacy: { legalHolds, retention } },
      },
      commandId: `configuration-${version + 1}`,
      actor: OPERATOR,
    }),
  );
};

export const registered = (partyId: string, displayName: string, days = 1): object =>
  cloudEvent('PartyRegistered', days, partyId, { partyId, kind: 'person', displayName, source: 'test' });

export const preference = (partyId: string, days: number, value: string): object =>
  cloudEvent('PreferenceRecorded', days, partyId, {
    partyId,
    kind: 'interest',
    key: 'reading',
    value,
    origin: 'stated',
    horizon: 'current',
    preferenceId: `reading-${partyId}`,
  });

export const survey = (partyId: string, days: number, verbatim: string): object =>
  cloudEvent('SurveyAnswered', days, partyId, {
    surveyId: `${partyId}-${String(days).replace('.', '-')}`,
    partyId,
    instrument: 'nps',
    score: 9,
    scaleMin: 0,
    scaleMax: 10,
    verbatim,
  });

export const merged = (survivorId: string, absorbedId: string, days: number): object =>
  cloudEvent('PartiesMerged', days, survivorId, { survivorId, absorbedId, matchScore: 1, reason: 'same' });

/** Which of these texts lie in any file of the system. */
export const lyingAround = async (
  { settings }: GivenAfecto,
  texts: ReadonlyArray<string>,
): Promise<ReadonlyArray<string>> => {
  const folder = dirname(settings.readModels);
  const found = await findInFiles(
    readdirSync(folder).map((name) => join(folder, name)),
    texts,
  );
  return texts.filter((_, index) => found.some(({ value }) => value === index));
};

/** The rows, line by line. */
export const rowsOf = async ({ readModels }: Afecto): Promise<ReadonlyArray<string>> => {
  const lines: string[] = [];
  for await (const line of readModels.dump('decisions')) lines.push(line);
  return lines;
};

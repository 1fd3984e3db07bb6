import { type Configuration, defaultConfiguration, type Instant, toIso } from '@afecto/domain';
import type { CloudEventOf } from '../import/cloud-event';

/** What customers say to need; all but the last two are what the shop can do. */
export const needs = [
  'fast-delivery',
  'volume-prices',
  'advice',
  'ergonomics',
  'sustainable-goods',
  'assembly',
] as const;

export const PROSPECTS_SEGMENT = 'office-prospects';
export const PROPOSITION = 'office-made-easy';

/** The defaults with what the demonstration needs: dollars, a segment to target, and what we can offer. */
export const demoConfiguration: Configuration = {
  ...defaultConfiguration,
  version: 1,
  tenant: { ...defaultConfiguration.tenant, reportingCurrency: 'USD' },
  capabilities: needs.slice(0, 4),
  segments: [{ segmentId: PROSPECTS_SEGMENT, name: 'Offices not yet served', phases: ['suspect', 'prospect'] }],
  propositions: [
    {
      propositionId: PROPOSITION,
      segmentId: PROSPECTS_SEGMENT,
      statement: 'Everything an office needs from one hand, at the door when promised',
    },
  ],
};

/** The fact that puts the demonstration's configuration into force. */
export const demoConfigurationActivated = (at: Instant): CloudEventOf<'ConfigurationActivated'> => ({
  specversion: '1.0',
  id: 'demo-configuration-1',
  source: 'demo',
  type: 'ConfigurationActivated',
  time: toIso(at),
  actorkind: 'system',
  actorid: 'demo',
  data: { version: 1, effectiveFrom: toIso(at), config: demoConfiguration },
});

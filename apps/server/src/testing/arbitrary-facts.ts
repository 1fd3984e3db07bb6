let sequence = 0;

export interface FactParts {
  readonly id?: string;
  readonly time?: string;
  readonly subject?: string;
  readonly [attribute: string]: unknown;
}

/** A fact as a sender writes it; every call has another id unless one is given. */
export const fact = (type: string, data: object, parts: FactParts = {}): Record<string, unknown> => ({
  specversion: '1.0',
  id: `fact-${(sequence += 1)}`,
  source: 'crm',
  type,
  time: '2026-03-01T10:00:00.000Z',
  data,
  ...parts,
});

export const registered = (partyId: string, parts?: FactParts) =>
  fact('PartyRegistered', { partyId, kind: 'person', displayName: `Person ${partyId}`, source: 'crm' }, parts);

export const surveyAnswered = (partyId: string, score: number, parts?: FactParts) =>
  fact('SurveyAnswered', { partyId, instrument: 'nps', score, scaleMin: 0, scaleMax: 10 }, parts);

export const complaintReceived = (partyId: string, complaintId: string, parts?: FactParts) =>
  fact('ComplaintReceived', { complaintId, partyId, channel: 'phone', category: 'billing', severity: 3 }, parts);

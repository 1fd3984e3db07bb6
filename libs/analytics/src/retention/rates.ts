/** Part of a whole, null when there is no whole: nothing divided by nothing is not zero. */
const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** Active at the start, active at the end, and of the latter those who are new; customers, or contribution for revenue. */
export interface Period {
  readonly atStart: number;
  readonly atEnd: number;
  readonly added: number;
}

/** CRR = (E − N)/S of a period; null when nobody was there at its start (`domain.md §13.4`). */
export const retentionRate = ({ atStart, atEnd, added }: Period): number | null => ratio(atEnd - added, atStart);

/** 1 − CRR (`domain.md §13.4`); of contribution it is the revenue churn. */
export const churnRate = (period: Period): number | null => {
  const retained = retentionRate(period);
  return retained === null ? null : 1 - retained;
};

/** Answers over outbound interactions with the purpose survey (`domain.md §13.4`). */
export const responseRate = (answers: number, invitations: number): number | null => ratio(answers, invitations);
/** Customers with two order days or more over customers with one or more (`domain.md §13.4`). */
export const repeatRate = (repeatCustomers: number, customers: number): number | null =>
  ratio(repeatCustomers, customers);
/** Customers whose number of product lines grew over customers (`domain.md §13.4`, scope growth). */
export const crossSellRate = (grown: number, customers: number): number | null => ratio(grown, customers);
/** Customers who referred somebody over customers (`domain.md §13.4`). */
export const referralRate = (referrers: number, customers: number): number | null => ratio(referrers, customers);
/** Won back over lost customers whom somebody tried to win back (`domain.md §13.4`). */
export const winBackRate = (wonBack: number, attempted: number): number | null => ratio(wonBack, attempted);
/** Enquiries that became an order over closed enquiries (`domain.md §13.4`). */
export const conversionRate = (converted: number, closed: number): number | null => ratio(converted, closed);
/** In the unit of `cost` (`domain.md §13.4`). */
export const costPerContact = (cost: number, contacts: number): number | null => ratio(cost, contacts);

/** Sales cycle: the median of days from enquiry to first order; null without any (`domain.md §13.4`). */
export const salesCycleDays = (days: ReadonlyArray<number>): number | null => {
  const sorted = days.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
};

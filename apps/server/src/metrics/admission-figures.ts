import { Counter, Gauge, type Registry } from 'prom-client';
import type { Admission } from '../admission/admission';
import type { Admissions } from '../admission/admissions';

/** What is under way at the door, how much may be, and how much was refused. */
export const registerAdmissions = ({ of }: Admissions, registry: Registry): void => {
  const registers = [registry];
  const all: ReadonlyArray<[string, Admission]> = Object.entries(of);
  const gauge = (name: string, help: string, read: (admission: Admission) => number): Gauge<'of'> =>
    new Gauge({
      name,
      help,
      labelNames: ['of'],
      registers,
      collect() {
        for (const [label, admission] of all) this.set({ of: label }, read(admission));
      },
    });
  gauge('afecto_under_way_requests', 'Requests under way, by what bounds them', ({ underWay }) => underWay.requests);
  gauge('afecto_under_way_requests_limit', 'Requests that may be under way', ({ bounds }) => bounds.requests);
  gauge('afecto_under_way_facts', 'Facts that wait for the log', ({ underWay }) => underWay.facts);
  gauge('afecto_under_way_bytes', 'Bytes of bodies and answers under way', ({ underWay }) => underWay.bytes);
  const counted = new Map<string, number>();
  const refused: Counter<'of'> = new Counter({
    name: 'afecto_refused_requests_total',
    help: 'Requests answered 429, by the bound that was reached',
    labelNames: ['of'],
    registers,
    collect() {
      for (const [label, admission] of all) {
        refused.inc({ of: label }, admission.refused - (counted.get(label) ?? 0));
        counted.set(label, admission.refused);
      }
    },
  });
};

import { decodeCloudEvent } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import { openDemo } from './demo';
const { regimeOf } = require('/work/main/libs/domain/src/policy/fold-regime');
const { foldCustomer } = require('/work/main/libs/domain/src/customer/fold');
it('distribution', async () => {
  const opened: any = openDemo();
  const byParty = new Map<string, any[]>(); const global: any[] = []; const orders = new Map<string, any[]>(); const refs = new Map<string, string[]>();
  let end = 0; let n = 0;
  for await (const f of opened.right.facts) {
    const d: any = decodeCloudEvent(f); if (E.isLeft(d)) throw new Error(JSON.stringify(d));
    const fact = { ...(d.right as any), recordedAt: 0 }; n++; end = Math.max(end, fact.occurredAt);
    if (fact.type === 'CampaignLaunched' || fact.type === 'ConfigurationActivated') global.push(fact);
    for (const s of fact.subjects) { if (!byParty.has(s)) byParty.set(s, []); byParty.get(s)!.push(fact); }
    if (fact.type === 'OrderPlaced') { const p = fact.data.partyId; if (!orders.has(p)) orders.set(p, []); orders.get(p)!.push({ referredId: p, orderId: fact.data.orderId, at: fact.occurredAt }); }
    if (fact.type === 'ReferralMade') { const p = fact.data.referrerId; if (!refs.has(p)) refs.set(p, []); refs.get(p)!.push(fact.data.referredId); }
  }
  const regime = regimeOf(global);
  const count: Record<string, Record<string, number>> = { zone: {}, extreme: {}, quadrant: {}, phase: {}, items: {}, klass: {}, rules: {} };
  const inc = (k: string, v: any) => { const c = count[k]!; c[String(v)] = (c[String(v)] ?? 0) + 1; };
  const t = Date.now();
  for (const [partyId, facts] of byParty) {
    const r = foldCustomer({ partyId, members: [partyId], facts, referredOrders: (refs.get(partyId) ?? []).flatMap((x) => orders.get(x) ?? []) }, regime, end);
    const s: any = r.standing;
    inc('zone', s.loyalty.zone); inc('extreme', s.loyalty.extreme); inc('quadrant', s.loyalty.quadrant); inc('phase', s.lifecycle.phase); inc('klass', JSON.stringify(s.value.consumptionClass ?? s.value.class));
    for (const i of s.items) inc('items', `${i.queue} ${i.state?.kind ?? i.state ?? ''} ${i.visibility ?? ''} ${i.closedAt ? 'closed' : ''}`);
    if (s.items[0] && !(globalThis as any).shown) { (globalThis as any).shown = 1; console.log(JSON.stringify(s.items[0]), Object.keys(s.value)); }
  }
  console.log(n, 'facts', byParty.size, 'parties', Date.now() - t, 'ms', JSON.stringify(count, null, 1));
}, 600000);

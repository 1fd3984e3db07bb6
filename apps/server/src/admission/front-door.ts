import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MAX_BATCH_EVENTS } from '../facts/incoming';
import { PROBLEM_MEDIA_TYPE } from '../problem/problem-filter';
import type { ProblemException } from '../problem/problem';
import { bodyTooLarge, MAX_BODY_BYTES } from '../request/body';
import type { Ticket } from './admission';
import type { AdmissionName, Admissions } from './admissions';
import { letCrowdsIn } from './crowd';

/** A fact that can be accepted is no shorter: its required attributes with their names, and one field of data. */
export const LEAST_FACT_BYTES = 96;
/** What a body of unknown length is taken for at first; more is taken as it comes. */
export const FIRST_BYTES = 64 * 1_024;
/** Answers larger than this may meet a reader that does not read. */
const LARGE_ANSWER_BYTES = 64 * 1_024;

const FACTS = /^\/v1\/(events|quarantine)(\/|$)/;
/** What tells how the service does must answer when nothing else does; a stream has a place of its own. */
const NOT_COUNTED = /^\/(health\/(live|ready)|metrics|v1\/events\/stream)\/?$/;

/** Where a request belongs; null: it is not counted. Whatever has a body is, on any path. */
export const admissionOf = (method: string, path: string): 'facts' | 'commands' | 'reads' | null => {
  if (method !== 'GET' && method !== 'HEAD') return FACTS.test(path) ? 'facts' : 'commands';
  return NOT_COUNTED.test(path) ? null : 'reads';
};

/** Bytes of the body as its headers tell; null: they come in chunks, and nobody knows how many. */
const announced = ({ headers }: FastifyRequest): number | null =>
  headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : null;

const expectsContinue = ({ headers }: FastifyRequest): boolean => headers.expect?.toLowerCase() === '100-continue';

interface Passage {
  readonly ticket: Ticket;
  isAnswered: boolean;
  hasEnded: boolean;
}

const passages = new WeakMap<IncomingMessage, Passage>();
const passagesOf = new WeakMap<Socket, Set<Passage>>();

/** The ticket that a request came in with; undefined for one that is not counted. */
export const ticketOf = ({ raw }: Pick<FastifyRequest, 'raw'>): Ticket | undefined => passages.get(raw)?.ticket;

const end = (passage: Passage): void => {
  passage.hasEnded = true;
  if (passage.isAnswered) passage.ticket.leave();
};

/**
 * A response that waits behind another one of its connection is not told when the connection breaks,
 * so the connection remembers all that came over it.
 */
const remember = (passage: Passage, { raw: { socket } }: FastifyRequest, { raw: response }: FastifyReply): void => {
  let open = passagesOf.get(socket);
  if (open === undefined) {
    const all = new Set<Passage>();
    open = all;
    passagesOf.set(socket, all);
    socket.once('close', () => {
      for (const each of all) end(each);
      all.clear();
    });
  }
  const those = open;
  those.add(passage);
  response.once('close', () => {
    those.delete(passage);
    end(passage);
  });
};

/** Facts that a body of so many bytes can bring at most. */
const mostFacts = (name: AdmissionName, bytes: number): number =>
  name === 'facts' ? Math.min(MAX_BATCH_EVENTS, Math.max(1, Math.ceil(bytes / LEAST_FACT_BYTES))) : 0;

/** The least `Retry-After`: a connection is refused at most so often, in milliseconds. */
const LEAST_RETRY_MS = 1_000;
/** Until when a refused connection was told to wait at least. */
const refusedUntil = new WeakMap<Socket, number>();

/**
 * Answers 429. Whoever comes back over the same connection before the shortest time that is ever told
 * gets the next refusal only then: refusing a crowd that does not wait would take the time of all others.
 */
const refuse = (name: AdmissionName, admissions: Admissions, { raw }: FastifyRequest, reply: FastifyReply): void => {
  const { socket } = raw;
  const answer = (): void => {
    const { problem, headers } = admissions.refusal(name);
    // Of a flood each refusal costs: no exception, no filter.
    void reply.status(problem.status).headers(headers).type(PROBLEM_MEDIA_TYPE).send(JSON.stringify(problem));
  };
  const now = performance.now();
  const early = (refusedUntil.get(socket) ?? now) - now;
  refusedUntil.set(socket, Math.max(now, now + early) + LEAST_RETRY_MS);
  // More than one early call of a connection (pipelining) is not kept waiting: what waits stays bounded.
  if (early > 0 && early <= LEAST_RETRY_MS) setTimeout(answer, early);
  else answer();
};

/**
 * Admits a request before its body is read, or answers 429 (413 when it announces more than is ever
 * taken). True: it is in. What it costs is given back when both its work is done and its answer has
 * left: work for a caller that has gone is work all the same.
 *
 * The rest of a refused body is read and thrown away by Node, because a caller that sends before it
 * listens would otherwise find its connection broken and not the answer.
 */
const admit = (admissions: Admissions, request: FastifyRequest, reply: FastifyReply): boolean => {
  const name = admissionOf(request.method, request.url.split('?', 1)[0] ?? '');
  if (name === null) return true;
  const length = announced(request);
  // Fastify leaves the bodies of questions unread.
  if (name !== 'reads' && length !== null && length > MAX_BODY_BYTES) throw bodyTooLarge();
  const bytes = name === 'reads' ? 0 : (length ?? FIRST_BYTES);
  const ticket = admissions.of[name].enter({ requests: 1, facts: mostFacts(name, bytes), bytes });
  if (ticket !== null) {
    const passage = { ticket, isAnswered: false, hasEnded: false };
    passages.set(request.raw, passage);
    remember(passage, request, reply);
    return true;
  }
  refuse(name, admissions, request, reply);
  return false;
};

/** Room for a body of unknown length as it comes; a body of known length has had its room from the start. */
export const roomFor = (
  request: FastifyRequest,
  admissions: Admissions,
): ((size: number) => ProblemException | null) => {
  const name = admissionOf(request.method, request.url.split('?', 1)[0] ?? '');
  const ticket = ticketOf(request);
  let taken = announced(request) ?? FIRST_BYTES;
  return (size) => {
    if (size <= taken || ticket === undefined || name === null) return null;
    const more = Math.max(size - taken, Math.min(taken, MAX_BODY_BYTES - taken));
    const facts = mostFacts(name, taken + more) - mostFacts(name, taken);
    if (!ticket.grow({ requests: 0, facts, bytes: more })) return admissions.refusalToThrow(name);
    taken += more;
    return null;
  };
};

const bytesOf = (payload: unknown): number => {
  if (typeof payload === 'string') return Buffer.byteLength(payload);
  return Buffer.isBuffer(payload) ? payload.length : 0;
};

/** Puts the admissions in front of all routes; hooks added before it come first. */
export const guardFrontDoor = (fastify: FastifyInstance, admissions: Admissions): void => {
  const { connections, answerMs } = admissions.limits;
  const { server } = fastify;
  server.maxConnections = connections;
  letCrowdsIn(server);
  // A full house first shows out those who are only sitting there: the next one may be the probe of the health.
  server.on('drop', () => server.closeIdleConnections());
  // Without a listener Node asks for every body before anybody has looked at the request (RFC 9110 §10.1.1).
  server.on('checkContinue', (request, response) => server.emit('request', request, response));

  fastify.addHook('onRequest', (request, reply, done) => {
    try {
      const waits = expectsContinue(request);
      // The caller has not sent its body and must not take the next bytes of this connection for its place.
      if (waits) void reply.header('Connection', 'close');
      if (!admit(admissions, request, reply)) return;
      if (waits) {
        void reply.removeHeader('Connection');
        reply.raw.writeContinue();
      }
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });

  fastify.addHook('onSend', (request, reply, payload, done) => {
    const bytes = bytesOf(payload);
    if (bytes > LARGE_ANSWER_BYTES) reply.raw.setTimeout(answerMs);
    const passage = passages.get(request.raw);
    if (passage !== undefined) {
      passage.isAnswered = true;
      passage.ticket.answered(bytes);
      if (passage.hasEnded) passage.ticket.leave();
    }
    done(null, payload);
  });
};

import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Afecto } from '@afecto/application';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Admissions } from './admission/admissions';
import { guardFrontDoor, roomFor } from './admission/front-door';
import { AppModule } from './app.module';
import { rememberCaller } from './auth/actor';
import { authenticator, isOpenPath } from './auth/authenticate';
import { Readiness } from './health/readiness';
import { Metrics } from './metrics/metrics';
import { serveOpenApi } from './openapi/serve-open-api';
import { PersonalReads } from './privacy/personal-reads';
import { ProblemException } from './problem/problem';
import { answerClientError, answerUnroutable } from './problem/raw-problems';
import { readBody } from './request/body';
import { RouteTable } from './request/route-table';
import type { CompleteSettings } from './settings/server-settings';

/** Characters in one part of a path; identifiers may be long. */
const MAX_PATH_PART = 2_048;

/** A request that comes too slowly is cut at most by this part of its time late. */
const CHECKS_A_TIMEOUT = 10;

/** The Nest application on Fastify, ready to listen. Bodies stay bytes: each route says what it takes. */
export const createHttpApplication = async (
  afecto: Afecto,
  settings: CompleteSettings,
): Promise<NestFastifyApplication> => {
  const routes = new RouteTable();
  const { headersMs, requestMs } = settings.limits;
  const adapter = new FastifyAdapter({
    skipMiddie: true,
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PATH_PART },
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) =>
      answerUnroutable(error, reply),
    clientErrorHandler: answerClientError,
    requestTimeout: requestMs,
    http: { headersTimeout: headersMs, connectionsCheckingInterval: Math.min(headersMs, requestMs) / CHECKS_A_TIMEOUT },
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.over(afecto, settings, routes), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: ['error', 'warn'],
  });
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  const admissions = app.get(Admissions);
  fastify.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) =>
    readBody(payload, roomFor(request, admissions)),
  );

  fastify.addHook('onRoute', ({ url, method }) => routes.add(url, typeof method === 'string' ? [method] : [...method]));

  const readiness = app.get(Readiness);
  const authenticate = authenticator(settings.apiKeys);
  fastify.addHook('onRequest', (request, reply, done) => {
    try {
      if (readiness.isClosing) {
        void reply.header('Connection', 'close');
        throw new ProblemException('ShuttingDown', 'the service is shutting down');
      }
      if (!isOpenPath(request.url.split('?', 1)[0] ?? '')) rememberCaller(request, authenticate(request));
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });

  guardFrontDoor(fastify, admissions);
  app.get(PersonalReads).watch(fastify);

  const metrics = app.get(Metrics);
  fastify.addHook('onResponse', (request, reply, done) => {
    metrics.requestDone(request.method, request.routeOptions.url ?? 'unknown', reply.statusCode, reply.elapsedTime);
    done();
  });

  serveOpenApi(app);
  await app.init();
  await fastify.ready();
  return app;
};

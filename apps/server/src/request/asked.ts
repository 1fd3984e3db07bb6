import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { pointer } from '@afecto/domain';
import { ApiQuery } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { invalidRequest, type ProblemError } from '../problem/problem';
import { got, instantParameter, type Parameter, positionParameter } from './parameters';

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

type ValueOf<P> = P extends Parameter<infer A> ? A : never;
type Given<S extends Parameters> = {
  [K in keyof S]: S[K] extends { readonly fallback: unknown } ? K : never;
}[keyof S];

/** What a question asks, decoded: parameters with a fallback are always there. */
export type AskedOf<S extends Parameters> = { readonly [K in Given<S>]: ValueOf<S[K]> } & {
  readonly [K in Exclude<keyof S, Given<S>>]?: ValueOf<S[K]>;
};

/** All that is wrong with a query string at once: unknown names, repeated names, values out of bounds. */
export const readQuery = <S extends Parameters>(parameters: S, query: unknown): AskedOf<S> => {
  const errors: ProblemError[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { fallback }] of Object.entries(parameters)) if (fallback !== undefined) values[name] = fallback;
  const given = typeof query === 'object' && query !== null ? Object.entries(query) : [];
  for (const [name, value] of given) {
    const path = pointer(['query', name]);
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (parameter === undefined) {
      const allowed = Object.keys(parameters).join(', ') || 'none';
      errors.push({ path, message: `is an unknown parameter; allowed are ${allowed}` });
      continue;
    }
    const read = typeof value === 'string' ? parameter.read(value) : null;
    if (read === null) errors.push({ path, message: `must be ${parameter.allowed}; got ${got(value)}` });
    else values[name] = read;
  }
  if (errors.length > 0) throw invalidRequest(errors);
  return values as AskedOf<S>;
};

/** A handler's parameter that takes the decoded query string; the same description goes to the OpenAPI document. */
export const Asked = <S extends Parameters>(parameters: S): ParameterDecorator =>
  createParamDecorator(
    (_data: undefined, context: ExecutionContext) =>
      readQuery(parameters, context.switchToHttp().getRequest<FastifyRequest>().query),
    [
      (target, key) => {
        const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
        if (key === undefined || descriptor === undefined) return;
        for (const [name, { description, schema }] of Object.entries(parameters))
          ApiQuery({
            name,
            required: false,
            description,
            schema: { ...schema, ...(schema.items === undefined ? {} : { items: { ...schema.items } }) },
            ...(schema.type === 'array' ? { style: 'form', explode: false } : {}),
          })(target, key, descriptor);
      },
    ],
  )();

/** `asOf` and `minPosition`, which every query takes (`interfaces.md`, Queries). */
export const whenParameters = {
  asOf: instantParameter('What had happened by then (valid time); default now'),
  minPosition: positionParameter('Answer only when this position is projected'),
};

/** Queries about one party also take `knownAt`. */
export const partyParameters = {
  ...whenParameters,
  knownAt: instantParameter('What had been told to us by then (recorded time); default now'),
};

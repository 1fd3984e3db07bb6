import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import * as E from 'fp-ts/Either';
import * as TE from 'fp-ts/TaskEither';

/** PEM texts. */
export interface TlsOptions {
  readonly certificate: string;
  readonly key: string;
}

/** Why a gateway does not start. */
export type GatewayError =
  | { readonly code: 'PortTaken'; readonly message: string }
  | { readonly code: 'CannotListen'; readonly message: string }
  | { readonly code: 'BadCertificate'; readonly message: string };

/** Who takes a connection once its protocol is known. */
export interface Protocols {
  readonly http2: (socket: Socket) => void;
  readonly http1: (socket: Socket) => void;
}

export interface SharedPort {
  readonly port: number;
  /** Takes no more connections and drops those whose protocol is not known yet. */
  readonly close: () => void;
  /** Drops every connection that is left. */
  readonly cut: () => void;
}

/** Every HTTP/2 connection starts with these bytes. */
const PREFACE = Buffer.from('PRI * HTTP/2.0');
/** A client that says nothing for so long is not one, in milliseconds. */
const SILENCE = 10_000;

const startsLike = (chunk: Buffer, preface: Buffer): boolean => {
  const length = Math.min(chunk.length, preface.length);
  return chunk.subarray(0, length).equals(preface.subarray(0, length));
};

/** Reads the first bytes, puts them back and says whether they are HTTP/2. */
const sniff = (socket: Socket, decide: (isHttp2: boolean) => void): void => {
  let seen = Buffer.alloc(0);
  const read = (chunk: Buffer): void => {
    seen = Buffer.concat([seen, chunk]);
    const isAlike = startsLike(seen, PREFACE);
    if (isAlike && seen.length < PREFACE.length) return;
    socket.off('data', read);
    socket.pause();
    socket.setTimeout(0);
    socket.unshift(seen);
    decide(isAlike);
  };
  socket.setTimeout(SILENCE, () => socket.destroy());
  socket.on('data', read);
};

/** With TLS the handshake says the protocol; a client that has not negotiated one speaks HTTP/1.1. */
const takeSecure = (socket: TLSSocket, { http1, http2 }: Protocols): void => {
  if (socket.alpnProtocol === 'h2') http2(socket);
  else http1(socket);
};

const takePlain = (socket: Socket, { http1, http2 }: Protocols, undecided: Set<Socket>): void => {
  undecided.add(socket);
  socket.once('close', () => undecided.delete(socket));
  // A connection that breaks before it has spoken is nobody's error.
  const ignore = (): undefined => undefined;
  socket.on('error', ignore);
  sniff(socket, (isHttp2) => {
    undecided.delete(socket);
    socket.off('error', ignore);
    if (isHttp2) {
      http2(socket);
    } else {
      http1(socket);
      socket.resume();
    }
  });
};

const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

const serverFor = (
  tls: TlsOptions | undefined,
  protocols: Protocols,
  undecided: Set<Socket>,
): E.Either<GatewayError, Server> => {
  if (tls === undefined)
    return E.right(createTcpServer({ noDelay: true }, (socket) => takePlain(socket, protocols, undecided)));
  return E.tryCatch(
    () => {
      const server = createTlsServer({
        cert: tls.certificate,
        key: tls.key,
        ALPNProtocols: ['h2', 'http/1.1'],
        handshakeTimeout: SILENCE,
        noDelay: true,
      });
      const shaking = new Map<string, Socket>();
      const settled = (peer: string): void => {
        const socket = shaking.get(peer);
        if (socket !== undefined) undecided.delete(socket);
        shaking.delete(peer);
      };
      server.on('connection', (socket: Socket) => {
        const peer = peerOf(socket);
        shaking.set(peer, socket);
        undecided.add(socket);
        socket.once('close', () => settled(peer));
      });
      server.on('secureConnection', (socket) => {
        settled(peerOf(socket));
        socket.on('error', () => socket.destroy());
        takeSecure(socket, protocols);
      });
      return server;
    },
    (error) => ({ code: 'BadCertificate', message: `The certificate or its key cannot be used: ${String(error)}` }),
  );
};

const listening = (server: Server, host: string, port: number): TE.TaskEither<GatewayError, number> =>
  TE.tryCatch(
    () =>
      new Promise<number>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port }, () => {
          server.off('error', reject);
          resolve(portOf(server.address()));
        });
      }),
    (error) => ({
      code: isTaken(error) ? 'PortTaken' : 'CannotListen',
      message: `Cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`,
    }),
  );

const portOf = (address: AddressInfo | string | null): number =>
  address !== null && typeof address === 'object' ? address.port : 0;

const isTaken = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE';

/**
 * One port for HTTP/2 and HTTP/1.1, with or without TLS. `port` 0: any free one.
 * Errors: `PortTaken`, `CannotListen`, `BadCertificate`.
 */
export const listenShared = async (
  where: { readonly host: string; readonly port: number; readonly tls?: TlsOptions },
  protocols: Protocols,
): Promise<E.Either<GatewayError, SharedPort>> => {
  const undecided = new Set<Socket>();
  const server = serverFor(where.tls, protocols, undecided);
  if (E.isLeft(server)) return server;
  const open = new Set<Socket>();
  server.right.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const port = await listening(server.right, where.host, where.port)();
  if (E.isLeft(port)) return port;
  return E.right({
    port: port.right,
    close: () => {
      server.right.close();
      for (const socket of undecided) socket.destroy();
    },
    cut: () => {
      for (const socket of open) socket.destroy();
    },
  });
};

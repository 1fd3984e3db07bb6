import { status, type ServerDuplexStream } from '@grpc/grpc-js';
import { ReadReq } from '@eventstore/db-client/generated/persistent_pb';
import * as E from 'fp-ts/Either';
import { type Access, type Caller, visible } from '../../access/access';
import { accessDenied, callStatus, invalidArgument, serviceError, type CallStatus } from '../../access/call-status';
import type { ResolvedRecord } from '../../log/wire-log';
import { confirmationResponse } from '../../streams/read-response';
import type { UuidForm } from '../../streams/uuid';
import { ALL, groupId, type GroupKey } from '../definition';
import type { Groups } from '../running/open-groups';
import type { GroupConnection } from '../running/running-group';
import type { Message } from '../core/message';
import { streamNameOf } from './change-request';
import { droppedStatus, groupStatusOf } from './group-status';
import { eventMessage, nackActionOf, uuidText } from './read-message';

type Call = ServerDuplexStream<ReadReq, Buffer>;

interface Wanted {
  readonly key: GroupKey;
  readonly bufferSize: number;
  readonly form: UuidForm;
}

const uuidFormOf = (options: ReadReq.Options): UuidForm | null => {
  if (options.getUuidOption()?.hasString() === true) return 'string';
  return options.getUuidOption()?.hasStructured() === true ? 'structured' : null;
};

const wantedBy = (options: ReadReq.Options): E.Either<CallStatus, Wanted> => {
  const form = uuidFormOf(options);
  const bufferSize = options.getBufferSize();
  if (form === null) return E.left(invalidArgument('uuid_option is missing; string and structured are allowed.'));
  if (bufferSize < 1) return E.left(invalidArgument(`buffer_size is ${bufferSize}, but must be at least 1.`));
  const streamId = options.hasAll() ? ALL : streamNameOf(options.getStreamIdentifier());
  return E.right({ key: { streamId, group: options.getGroupName() }, bufferSize, form });
};

const connectionNameOf = (call: Call): string => call.metadata.get('connection-name')[0]?.toString() ?? '';

/** One consumer's call: options first, then answers; events go out as slots allow. */
class ConsumerCall {
  private connection: GroupConnection | null = null;
  private isConnecting = false;
  private hasEnded = false;
  private isAllowed = false;

  constructor(
    private readonly call: Call,
    private readonly groups: Groups,
    private readonly access: Access,
  ) {
    call.on('data', (request: ReadReq) => this.receive(request));
    call.on('end', () => this.leave());
    call.on('cancelled', () => this.leave());
    call.on('close', () => this.leave());
    call.on('error', () => this.leave());
  }

  private receive(request: ReadReq): void {
    if (this.hasEnded) return;
    const options = request.getOptions();
    if (this.connection === null) {
      if (options === undefined || this.isConnecting) {
        this.fail(invalidArgument('The first message must carry the options, and no other before the confirmation.'));
        return;
      }
      this.isConnecting = true;
      this.connect(options).catch((error: unknown) => this.fail(callStatus(status.INTERNAL, String(error))));
      return;
    }
    if (options !== undefined) this.fail(invalidArgument('Only the first message may carry options.'));
    const ack = request.getAck();
    if (ack !== undefined) this.connection.acknowledge(ack.getIdsList().map(uuidText));
    const nack = request.getNack();
    if (nack !== undefined) {
      this.connection.refuse(nack.getIdsList().map(uuidText), nackActionOf(nack.getAction()), nack.getReason());
    }
  }

  private async connect(options: ReadReq.Options): Promise<void> {
    const caller = this.access.callerOf(this.call.metadata);
    if (E.isLeft(caller)) return this.fail(caller.left);
    const wanted = wantedBy(options);
    if (E.isLeft(wanted)) return this.fail(wanted.left);
    const { key, bufferSize, form } = wanted.right;
    if (!this.access.mayRead(caller.right, key.streamId)) return this.fail(accessDenied());

    const connected = await this.groups.connect(key, {
      bufferSize,
      from: this.call.getPeer(),
      userName: caller.right.name,
      connectionName: connectionNameOf(this.call),
      // In flight is at most the buffer that the client has asked for: that is the bound of what waits to be written.
      confirm: () => this.write(confirmationResponse(groupId(key))),
      deliver: (message) => this.deliver(caller.right, key, message, form),
      drop: (reason) => this.fail(droppedStatus(key, reason)),
    });
    if (E.isLeft(connected)) this.fail(groupStatusOf(connected.left));
    else if (this.hasEnded) connected.right.disconnect();
    else this.connection = connected.right;
  }

  /** The right to read may be taken away while the consumer is connected; asked once a turn of the event loop. */
  private deliver(caller: Caller, key: GroupKey, message: Message, form: UuidForm): void {
    if (!this.isAllowed) {
      if (!this.access.mayRead(caller, key.streamId)) return this.fail(accessDenied());
      this.isAllowed = true;
      setImmediate(() => {
        this.isAllowed = false;
      });
    }
    this.write(eventMessage({ ...message, record: this.recordFor(caller, key, message) }, form));
  }

  /** A parked message of the group's own source is its reader's, though it comes by a link. */
  private recordFor(caller: Caller, { streamId }: GroupKey, { origin, record }: Message): ResolvedRecord {
    const isOfSource = origin === 'parked' && (streamId === ALL || record.event?.streamId === streamId);
    return isOfSource ? record : visible(this.access, caller, record);
  }

  private write(response: Buffer): void {
    if (!this.hasEnded) this.call.write(response);
  }

  private fail(failed: CallStatus): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.call.emit('error', serviceError(failed));
    this.disconnect();
  }

  private leave(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.disconnect();
    this.call.end();
  }

  private disconnect(): void {
    this.connection?.disconnect();
    this.connection = null;
  }
}

/** `PersistentSubscriptions/Read`: consumes from a group until the client leaves or the group drops it. */
export const readCall =
  (groups: Groups, access: Access) =>
  (call: Call): void => {
    new ConsumerCall(call, groups, access);
  };

import { historyOf, Recorder, type Entry } from './record';

const append = {
  kind: 'append',
  streamId: 'a',
  expected: 'any',
  events: [{ id: '1', type: 'T', content: '1' }],
} as const;

const recorded = (write: (recorder: Recorder, entries: Entry[]) => void): ReturnType<typeof historyOf> => {
  const entries: Entry[] = [];
  write(new Recorder('run', (entry) => entries.push(entry)), entries);
  return historyOf(entries);
};

describe('a record', () => {
  it('gives a call the moments of its question and its answer', () => {
    const history = recorded((recorder, entries) => {
      const first = recorder.invoke('w', append);
      const second = recorder.invoke('w', { kind: 'head' });
      entries.push({ entry: 'headIs', call: second, position: 0 });
      entries.push({ entry: 'appended', call: first, answer: { kind: 'wrongRevision', actual: 3 } });
    });
    expect(history).toMatchObject([
      { call: 'run.1', process: 'run/w', invoked: 0, ended: 3, answer: { kind: 'wrongRevision' } },
      { call: 'run.2', invoked: 1, ended: 2, position: 0 },
    ]);
  });

  it('leaves open for ever what is unknown, unless the store has ended with it', () => {
    const unanswered = (how: 'store' | 'connection') =>
      recorded((recorder, entries) => {
        recorder.invoke('w', append);
        recorder.invoke('w', { kind: 'head' });
        entries.push({ entry: 'ended', with: how });
      });
    expect(unanswered('store')).toMatchObject([{ ended: 2, answer: { kind: 'unknown' } }, { ended: 2 }]);
    expect(unanswered('connection')).toMatchObject([{ ended: null, answer: { kind: 'unknown' } }, { ended: 2 }]);
    const told = recorded((recorder, entries) => {
      const call = recorder.invoke('w', append);
      entries.push({ entry: 'appended', call, answer: { kind: 'unknown', message: 'no answer' } });
      entries.push({ entry: 'ended', with: 'store' });
    });
    expect(told).toMatchObject([{ ended: null }]);
  });
});

/** What is measured, in the order of the report: the figures to reach, and those of the reference programs beside them. */

export interface Target {
  /** With its unit. */
  label: string
  /** Of *pass* and *min* on the machine on which the targets were set. */
  reference?: { pass?: number; min?: number }
  must?: number
  goal?: number
  /**
   * What depends on the machine is judged by its ratio to *min*, as the target stands to the reference *min*; the rest
   * by the value itself, or, where turns are compared that differ by chance too, by the range that holds their median.
   */
  judgedBy: 'ratio' | 'value' | 'turns'
}

export const targets = {
  'streams-cpu': {
    label: 'CPU s per 1,000 streams of 20 tokens',
    reference: { pass: 0.145, min: 0.205 },
    must: 0.36,
    goal: 0.18,
    judgedBy: 'ratio',
  },
  'non-stream-cpu': {
    label: 'CPU s per 1,000 non-stream answers',
    reference: { pass: 0.076, min: 0.157 },
    must: 0.27,
    goal: 0.135,
    judgedBy: 'ratio',
  },
  'firehose-cpu': {
    label: 'CPU s per 1M tokens, firehose, 1 frame a write',
    reference: { pass: 3.3, min: 4.3 },
    must: 5.7,
    goal: 3.3,
    judgedBy: 'ratio',
  },
  'firehose-batched-cpu': {
    label: 'CPU s per 1M tokens, firehose, 16 frames a write',
    reference: { pass: 0.53, min: 1.48 },
    must: 2.2,
    goal: 1.5,
    judgedBy: 'ratio',
  },
  'paced-cpu': {
    label: 'CPU s per 1M tokens, paced, 100 streams × 50 tok/s',
    reference: { pass: 53, min: 52 },
    must: 70,
    goal: 50,
    judgedBy: 'ratio',
  },
  'paced-latency-p50': {
    label: 'added latency per token p50 ms, paced 100 × 50',
    reference: { pass: 0.1, min: 0.11 },
    must: 0.25,
    goal: 0.11,
    judgedBy: 'value',
  },
  'paced-latency-p99': {
    label: 'added latency per token p99 ms, paced 100 × 50',
    reference: { pass: 2.1, min: 2.4 },
    must: 15,
    goal: 5,
    judgedBy: 'value',
  },
  'paced-memory': {
    label: 'peak RSS MB at 100 paced streams',
    reference: { pass: 93, min: 71 },
    must: 140,
    goal: 110,
    judgedBy: 'value',
  },
  'first-token': {
    label: 'added time to first token p50 ms, 1 client',
    reference: { pass: 0.2, min: 0.23 },
    must: 0.5,
    goal: 0.25,
    judgedBy: 'value',
  },
  'crowd-failed': { label: '1,000 streams × 10 tok/s: not complete', must: 0, judgedBy: 'value' },
  'crowd-latency-p50': {
    label: '1,000 streams × 10 tok/s: added latency per token p50 ms',
    must: 1,
    judgedBy: 'value',
  },
  'crowd-memory': {
    label: '1,000 streams × 10 tok/s: peak RSS MB',
    goal: 200,
    judgedBy: 'value',
  },
  'prompt-128k-cpu': {
    label: 'CPU ms per request, 128 KB prompt with 20 tools (Anthropic)',
    reference: { pass: 0.26, min: 1.4 },
    must: 3.5,
    goal: 1.75,
    judgedBy: 'ratio',
  },
  'prompt-1m-cpu': {
    label: 'CPU ms per request, 1 MB prompt with 20 tools (Anthropic)',
    reference: { pass: 1.2, min: 7.1 },
    must: 18,
    goal: 9,
    judgedBy: 'ratio',
  },
  'pool-cpu': {
    label: 'CPU of a stream with 100 accounts ÷ with one of them',
    must: 1.03,
    judgedBy: 'value',
  },
  'pool-chance': {
    label: 'the same between two times with one account',
    judgedBy: 'value',
  },
  'viewers-p99': {
    label: 'p99 of latency per token with 20 open pages ÷ with none, paced 100 × 50',
    must: 1.02,
    judgedBy: 'turns',
  },
  'viewers-request-p99': {
    label: 'p99 of a request with 20 open pages ÷ with none, 100 at once, answers of 150 tokens in 3 s',
    must: 1.02,
    judgedBy: 'turns',
  },
  'viewers-serving-p99': {
    label: 'p99 of latency per token with 20 open pages ÷ that of tokens sent while none is served',
    judgedBy: 'value',
  },
  'viewers-cpu': {
    label: 'CPU ms a second for each of 20 open pages',
    must: 0.5,
    judgedBy: 'turns',
  },
  start: {
    label: 'start to first healthy answer, s',
    reference: { min: 0.18 },
    must: 0.5,
    goal: 0.3,
    judgedBy: 'value',
  },
  wrong: { label: 'wrong answers', must: 0, judgedBy: 'value' },
} satisfies Record<string, Target>

export type Metric = keyof typeof targets

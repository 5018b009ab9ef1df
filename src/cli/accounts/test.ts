import { hasTokens } from '../../accounts/account.ts'
import type { AccountView } from '../../accounts/account-view.ts'
import type { OnlineBench } from '../../composition/online-bench.ts'
import { createReplyCollector } from '../../conversation/collect-reply.ts'
import { createConversation } from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import type { Cli } from '../cli.ts'
import { createCommand, type Command } from '../command.ts'
import { jsonOption } from '../show.ts'
import { askForEach } from './change-each.ts'

const QUESTION = 'Answer with the single word: ready'

export function createTestCommand(cli: Cli): Command {
  return createCommand({
    name: 'test',
    description: 'Asks the service what each account may still spend, which costs nothing.',
    examples: ['accounts test all', 'accounts test work-seat --chat --model claude-sonnet-4.5'],
    args: {
      id: { type: 'positional', description: 'Ids or labels of accounts, or `all`.' },
      chat: {
        type: 'boolean',
        description: 'Asks a model one short question as well, which costs a little.',
      },
      model: { type: 'string', default: 'claude-sonnet-4.5', description: 'Which model to ask.' },
      ...jsonOption,
    },
    takesMore: true,
    run: ({ _: names, chat, model, json }) =>
      askForEach(cli, { names, json, done: 'works' }, async (bench, account) => {
        await freshen(bench, account, cli.terminal.interrupted)
        await bench.quotas.readNow(account.id, cli.terminal.interrupted)
        if (chat === true) await askModel(bench, account, { model, signal: cli.terminal.interrupted })
      }),
  })
}

/** Somebody waits, so an old token is renewed at once, beside the queue in which gateways renew those of their accounts. */
async function freshen(
  { store, freshCredentials }: OnlineBench,
  { id }: AccountView,
  signal: AbortSignal,
): Promise<void> {
  const account = await store.find(id)
  if (account !== undefined && hasTokens(account)) await freshCredentials.get(account, signal)
}

/** Through this account, whatever its status. Throws a GatewayError when no words come back. */
async function askModel(
  { relay }: OnlineBench,
  { id: accountId }: AccountView,
  { model, signal }: { model: string; signal: AbortSignal },
): Promise<void> {
  const turns = [{ role: 'user' as const, parts: [{ kind: 'text' as const, text: QUESTION }] }]
  const collector = createReplyCollector()
  let words = ''
  const sink = {
    describe() {},
    push: (event: Parameters<typeof collector.push>[0]) =>
      collector.push(event, ({ parts }) => {
        words = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('')
      }),
    flush: () => true,
    hasContentLeft: () => false,
    onDrain() {},
  }
  await relay
    .plan(createConversation({ model, turns }), { accountId })
    .run({ sink, gate: 'whole-reply', signal })
  if (words.trim() === '') throw new GatewayError('upstream-unavailable', 'The model answered without words.')
}

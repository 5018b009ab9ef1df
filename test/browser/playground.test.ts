/** A conversation with a model in a real browser: how it comes, what can be done about it, and what it must not do. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { metadata, text, toolUse, trailer } from '../../simulator/replies/events.ts'
import { delay, stall, type Step } from '../../simulator/replies/steps.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { images } from '../sample-images.ts'
import type { VisitWishes } from './browser-lab.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { axeScript, findViolations } from './find-violations.ts'
import { overflowOf } from './page-state.ts'
import { MASTER_KEY } from './watch-page.ts'

const PATH = '/console/playground'
/** The machine may have other things to do. */
const PATIENT = { timeout: 15_000 }
const dialects = ['openai-chat', 'openai-responses', 'anthropic-messages'] as const

type OpenWishes = Pick<VisitWishes, 'expected' | 'prepare'>

const isDone = (page: Page) => page.locator('article[aria-busy=true]').waitFor({ state: 'detached' })

describeInBrowser('the playground', (lab) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { MASTER_KEY } })
  })
  afterAll(() => gateway.close())
  beforeEach(() => gateway.resetAccount())

  async function open(query = '?model=claude-sonnet-4.5', wishes: OpenWishes = {}) {
    const visit = await lab().visit({ url: gateway.url, path: PATH + query, ...wishes })
    const { page } = visit
    const message = page.getByRole('textbox', { name: 'Message' })
    await message.waitFor()
    return {
      ...visit,
      message,
      answers: page.locator('article.answer'),
      say: async (said: string) => {
        await message.fill(said)
        await message.press('Enter')
      },
    }
  }
  const answerWith = (steps: Step[]) =>
    gateway.simulator.plan({ times: 1, behaviour: { kind: 'steps', steps } })
  const lastPrompt = () =>
    JSON.stringify(gateway.simulator.journal.of('GenerateAssistantResponse').at(-1)?.body)

  it.each(dialects)('shows an answer as it comes, and how it came: %s', async (dialect) => {
    const { page, answers, say, leave } = await open(`?model=claude-sonnet-4.5&dialect=${dialect}`)
    const tokens = metadata({ input: 20, output: 40 })
    answerWith([text('It **begins** '), delay(1500), text('and it ends.'), delay(200), tokens, ...trailer()])
    await say('Hello?')
    await page.locator('article[aria-busy=true] strong', { hasText: 'begins' }).waitFor()
    expect(await answers.innerText()).not.toContain('ends')
    await answers.getByText('and it ends.').waitFor()
    await isDone(page)
    const facts = await answers.getByRole('list').innerText()
    expect(facts).toMatch(/to the first token/)
    expect(facts).toMatch(/tokens\/s/)
    expect(facts).toMatch(/20 in, 40 out/)
    expect(facts).toMatch(/stop|completed|end_turn/)
    const link = answers.getByRole('link', { name: /^Request req_/ })
    const href = (await link.getAttribute('href')) ?? ''
    const id = new URL(href, gateway.url).searchParams.get('request') ?? ''
    await say('And again?')
    await expect.poll(() => answers.count(), PATIENT).toBe(2)
    await isDone(page)
    expect(lastPrompt()).toContain('and it ends.')
    await expect.poll(async () => (await gateway.fetch(`/v2/calls/${id}`)).status, PATIENT).toBe(200)
    await page.goto(gateway.url + href)
    await page.getByRole('dialog').getByText(id).first().waitFor()
    await leave()
  })

  it('is stopped by Escape, and keeps what has come', async () => {
    const { page, answers, say, leave } = await open()
    answerWith([text('So far. '), stall()])
    await say('Go on for ever')
    await answers.getByText('So far.').waitFor()
    await page.getByRole('button', { name: 'Stop (Esc)' }).waitFor()
    await page.keyboard.press('Escape')
    await answers.getByText('You stopped it.').waitFor()
    expect(await answers.innerText()).toContain('So far.')
    await gateway.simulator.journal.waitFor(({ outcome }) => outcome.kind === 'aborted-by-client')
    await leave()
  })

  it('answers again, and is edited, and loses no branch', async () => {
    const { page, answers, say, leave } = await open()
    await say('[[sim:text:Apples]]')
    await answers.getByText('Apples').waitFor()
    await isDone(page)
    gateway.simulator.plan({ times: 1, behaviour: { kind: 'text', text: 'Pears' } })
    await page.getByRole('button', { name: 'Answer again' }).click()
    await answers.getByText('Pears').waitFor()
    await page.getByText('2 of 2').waitFor()
    await page.getByRole('button', { name: 'Branch before' }).click()
    await answers.getByText('Apples').waitFor()
    await page.getByRole('button', { name: 'Edit and send again' }).click()
    await page.getByRole('textbox', { name: 'Edit and send again' }).fill('[[sim:text:Plums]]')
    await page.locator('.said-editor').getByRole('button', { name: 'Send' }).click()
    await answers.getByText('Plums').waitFor()
    expect(await answers.count()).toBe(1)
    await page.locator('article.said').getByRole('button', { name: 'Branch before' }).click()
    await answers.getByText(/Apples|Pears/).waitFor()
    await leave()
  })

  it.each(dialects)('calls tools, several at once, and goes on with their answers: %s', async (dialect) => {
    const { page, answers, say, leave } = await open(`?model=claude-sonnet-4.5&dialect=${dialect}`)
    await page.getByText('Tools (0)').click()
    for (const name of ['get_weather', 'calculator']) {
      await page.getByRole('button', { name: `Add ${name}` }).click()
    }
    await page.getByText('Tools (2)').waitFor()
    answerWith([
      ...toolUse('tooluse_a', 'get_weather', ['{"city": ', '"Paris"}']),
      ...toolUse('tooluse_b', 'calculator', ['{"expression": "6*7"}']),
      ...trailer(),
    ])
    await say('How is it in Paris?')
    const calls = page.getByRole('region', { name: /^The model calls/ })
    await expect.poll(() => calls.count(), PATIENT).toBe(2)
    expect(await calls.first().innerText()).toContain('"city": "Paris"')
    await page.getByRole('textbox', { name: 'Answer of get_weather' }).fill('mine: sunny')
    await page.getByRole('button', { name: 'Fill in', exact: true }).nth(1).click()
    expect(await page.getByRole('textbox', { name: 'Answer of calculator' }).inputValue()).toBe(
      '{"result":42}',
    )
    await page.getByRole('button', { name: 'Send the answers' }).click()
    await expect.poll(() => answers.count(), PATIENT).toBe(2)
    await isDone(page)
    expect(await answers.last().innerText()).toContain('The tool answered')
    expect(lastPrompt()).toContain('mine: sunny')
    expect(lastPrompt()).toMatch(/42/)
    gateway.assertNoViolation()
    await leave()
  })

  it('shows pictures to the model, and says why it takes no other file', async () => {
    const { page, message, answers, say, leave } = await open()
    const picker = page.locator('input[type=file]')
    await picker.setInputFiles([
      { name: 'dot.png', mimeType: 'image/png', buffer: Buffer.from(images.png, 'base64') },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('text') },
    ])
    await page.getByRole('alert').getByText('notes.txt: only PNG, JPEG, GIF and WebP').waitFor()
    await page.getByText(/^8 × 8,/).waitFor()
    // Pasted ones, too; this one is larger than any model looks at.
    await page.evaluate(`(async () => {
      const canvas = new OffscreenCanvas(2000, 1000)
      canvas.getContext('2d').fillRect(0, 0, 10, 10)
      const data = new DataTransfer()
      data.items.add(new File([await canvas.convertToBlob()], 'large.png', { type: 'image/png' }))
      const target = document.querySelector('.composer textarea')
      target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    })()`)
    await page.getByText(/^1,?568 × 784,/).waitFor()
    await page.getByRole('button', { name: 'Remove large.png' }).click()
    await say('What is this?')
    await answers.getByText('What is this?').waitFor()
    expect(lastPrompt()).toContain(images.png)
    expect(await message.inputValue()).toBe('')
    await leave()
  })

  it('is not sent what somebody still chooses the characters of, as Safari tells it', async () => {
    const { page, message, answers, leave } = await open()
    await message.fill('ni hao')
    await page.evaluate(`document.querySelector('.composer textarea').dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true }),
    )`)
    expect([await message.inputValue(), await answers.count()]).toEqual(['ni hao', 0])
    await message.press('Enter')
    await answers.getByText('ni hao').waitFor()
    await leave()
  })

  it('lets a message of pictures alone be edited and sent again', async () => {
    const { page, message, answers, leave } = await open()
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: Buffer.from(images.png, 'base64') })
    await page.getByRole('button', { name: 'Remove dot.png' }).waitFor()
    await message.press('Enter')
    await page.getByRole('button', { name: 'Answer again' }).waitFor()
    await page.getByRole('button', { name: 'Edit and send again' }).click()
    await page.locator('.said-editor').getByRole('button', { name: 'Send' }).click()
    await page.locator('article.said').getByText('2 of 2').waitFor()
    await isDone(page)
    expect(await answers.count()).toBe(1)
    expect(lastPrompt()).toContain(images.png)
    await leave()
  })

  it('waits for pictures that are still being read, and loses none', async () => {
    const { page, message, answers, leave } = await open()
    await page.evaluate(`(() => {
      const read = window.createImageBitmap
      const waiting = []
      window.createImageBitmap = (file) => new Promise((resolve) => waiting.push(() => resolve(read(file))))
      window.readPictures = () => waiting.splice(0).forEach((each) => each())
    })()`)
    await message.fill('What are these?')
    for (const name of ['one.png', 'two.png']) {
      await page
        .locator('input[type=file]')
        .setInputFiles({ name, mimeType: 'image/png', buffer: Buffer.from(images.png, 'base64') })
    }
    await message.press('Enter')
    await page.evaluate('window.readPictures()')
    await page.getByRole('button', { name: 'Remove two.png' }).waitFor()
    expect(await page.getByRole('button', { name: 'Remove one.png' }).count()).toBe(1)
    expect([await answers.count(), await message.inputValue()]).toEqual([0, 'What are these?'])
    await message.press('Enter')
    await answers.getByText('What are these?').waitFor()
    expect(lastPrompt().split(images.png)).toHaveLength(3)
    await leave()
  })

  it('says so when two sets of pictures at once are too many together', async () => {
    const { page, leave } = await open()
    await page.evaluate(`(() => {
      const read = window.createImageBitmap
      const waiting = []
      window.createImageBitmap = async (file) => {
        await new Promise((resolve) => waiting.push(resolve))
        return read(file)
      }
      window.readPictures = () => {
        window.createImageBitmap = read
        waiting.forEach((each) => each())
      }
    })()`)
    const buffer = Buffer.from(images.png, 'base64')
    for (const set of ['a', 'b']) {
      const pictures = Array.from({ length: 12 }, (_, at) => ({
        name: `${set}${at}.png`,
        mimeType: 'image/png',
        buffer,
      }))
      await page.locator('input[type=file]').setInputFiles(pictures)
    }
    await page.evaluate('window.readPictures()')
    await page.getByRole('alert').getByText('At most 20 images go into one message.').waitFor()
    expect(await page.getByRole('button', { name: /^Remove [ab]/ }).count()).toBe(20)
    await leave()
  })

  it('sends nothing before it is known whom to ask, and keeps what was typed', async () => {
    const list = Promise.withResolvers<void>()
    const { page, message, answers, say, leave } = await open('', {
      prepare: (prepared) =>
        prepared.route('**/v2/models', async (route) => {
          await list.promise
          await route.continue()
        }),
    })
    await page.getByRole('button', { name: 'Write a haiku about queues.' }).click({ force: true })
    await say('Hello?')
    await page.getByRole('status').getByText('The list of models is still on its way').waitFor()
    expect([await answers.count(), await message.inputValue()]).toEqual([0, 'Hello?'])
    list.resolve()
    await page.locator('.composer [type=submit][aria-disabled=false]').waitFor()
    expect(await page.getByText('The list of models is still on its way').count()).toBe(0)
    await message.press('Enter')
    await answers.getByText('You said: Hello?').waitFor()
    await leave()
  })

  it('says so when there is no model, and asks one that is named all the same', async () => {
    const { page, message, answers, say, leave } = await open('', {
      prepare: (prepared) =>
        prepared.route('**/v2/models', (route) => route.fulfill({ json: { models: [] } })),
    })
    await page.getByText('No account serves a model yet.').waitFor()
    await say('Hello?')
    expect([await answers.count(), await message.inputValue()]).toEqual([0, 'Hello?'])
    await page.getByRole('combobox', { name: 'Model', exact: true }).fill('claude-sonnet-4.5')
    await page.keyboard.press('Enter')
    await message.press('Enter')
    await answers.getByText('You said: Hello?').waitFor()
    expect(await page.getByText('No account serves a model yet.').count()).toBe(0)
    await leave()
  })

  it('takes what is sought for no name before the list of models has come', async () => {
    const held = Promise.withResolvers<void>()
    const { page, leave } = await open('', {
      prepare: (prepared) =>
        prepared.route('**/v2/models', (route) => held.promise.then(() => route.continue())),
    })
    const picker = page.getByRole('combobox', { name: 'Model', exact: true })
    await picker.fill('sonnet 4.6')
    await picker.press('Enter')
    expect(await picker.inputValue()).toBe('sonnet 4.6')
    expect(await picker.getAttribute('aria-expanded')).toBe('false')
    expect(page.url()).not.toContain('sonnet')
    held.resolve()
    await page.locator('.model-option').first().waitFor()
    await picker.press('Enter')
    expect(await picker.inputValue()).toBe('claude-sonnet-4.6')
    await leave()
  })

  it('says so when the list of models cannot be read', async () => {
    const { page, message, answers, say, leave } = await open('', {
      expected: ['503 /v2/models'],
      prepare: (prepared) => prepared.route('**/v2/models', (route) => route.fulfill({ status: 503 })),
    })
    await page.getByText('The list of models could not be read.').waitFor()
    await say('Hello?')
    expect([await answers.count(), await message.inputValue()]).toEqual([0, 'Hello?'])
    await leave()
  })

  it('compares two models side by side', async () => {
    const { page, say, leave } = await open()
    await page.getByRole('switch', { name: 'Compare two' }).check()
    const second = page.getByRole('combobox', { name: 'Second model' })
    await second.click()
    await page.keyboard.type('haiku 4.5')
    await page.locator('.model-option').first().waitFor()
    await page.keyboard.press('Enter')
    expect(await second.inputValue()).toBe('claude-haiku-4.5')
    await say('[[sim:text:Both]]')
    for (const name of ['First', 'Second']) {
      await page.getByRole('region', { name, exact: true }).getByText('Both', { exact: true }).waitFor()
    }
    await isDone(page)
    const asked = gateway.simulator.journal.of('GenerateAssistantResponse').slice(-2)
    expect(JSON.stringify(asked)).toContain('claude-haiku-4.5')
    expect(JSON.stringify(asked)).toContain('claude-sonnet-4.5')
    expect(page.url()).toContain('model2=claude-haiku-4.5')
    await leave()
  })

  it('compares from what was said, without the answer that is still coming', async () => {
    const { page, say, leave } = await open()
    answerWith([text('So far. '), stall()])
    await say('Go on for ever')
    await page.getByText('So far.').waitFor()
    await page.getByRole('switch', { name: 'Compare two' }).check()
    const second = page.getByRole('region', { name: 'Second', exact: true })
    await second.getByText('Go on for ever').waitFor()
    expect(await second.locator('article.answer').count()).toBe(0)
    await page.keyboard.press('Escape')
    await page.getByText('You stopped it.').waitFor()
    await leave()
  })

  it('sends nothing in place of what was said', async () => {
    const { page, answers, say, leave } = await open()
    await say('[[sim:text:Apples]]')
    await answers.getByText('Apples').waitFor()
    await isDone(page)
    await page.getByRole('button', { name: 'Edit and send again' }).click()
    const editor = page.getByRole('textbox', { name: 'Edit and send again' })
    await editor.fill(' ')
    await page.locator('.said-editor').getByRole('button', { name: 'Send' }).click({ force: true })
    expect([await editor.count(), await answers.count()]).toEqual([1, 1])
    expect(await answers.innerText()).toContain('Apples')
    await leave()
  })

  it('runs nothing of an answer, and fetches nothing for it', async () => {
    const { page, answers, say, leave } = await open()
    const hostile = [
      '<script>window.ran = 1</script><img src=x onerror="window.ran = 1"><iframe src="javascript:window.ran=1">',
      '![a cat](https://tracker.example/cat.png) [bad](javascript:window.ran=1) [good](https://fine.example/)',
      '<style>body { display: none }</style> [x](data:text/html,<script>window.ran=1</script>)',
      '```html\n<script>window.ran = 1</script>\n```',
    ].join('\n\n')
    gateway.simulator.plan({ times: 1, behaviour: { kind: 'text', text: hostile } })
    await say('Harm me')
    await answers.getByText('good').waitFor()
    await isDone(page)
    expect(await page.evaluate('window.ran')).toBeUndefined()
    expect(await answers.locator('img, script, iframe, style').count()).toBe(0)
    const links = await answers.locator('.prose a').all()
    const led = await Promise.all(links.map((link) => link.getAttribute('href')))
    expect(led).toEqual(['https://tracker.example/cat.png', 'https://fine.example/'])
    for (const link of links) expect(await link.getAttribute('rel')).toBe('noopener noreferrer nofollow')
    await leave()
  })

  it('stays usable when an answer is a megabyte that is meant to harm', async () => {
    const { page, answers, say, leave } = await open()
    const behaviour = { kind: 'text', text: '*a_ **b `c [d](e '.repeat(60_000) } as const
    gateway.simulator.plan({ times: 1, behaviour })
    await say('Harm me more')
    await isDone(page)
    await answers
      .getByText('end_turn')
      .or(answers.getByText('stop', { exact: true }))
      .first()
      .waitFor()
    await say('Still there?')
    await answers.getByText('You said: Still there?').waitFor()
    expect(await answers.count()).toBe(2)
    await leave()
  })

  it('shows what goes over the line, and sends what is written there', async () => {
    const { page, answers, say, leave } = await open()
    await say('Hello')
    await answers.getByText('You said: Hello').waitFor()
    await page.getByRole('tab', { name: 'Raw' }).click()
    const events = page.getByRole('region', { name: 'Events' }).getByRole('row')
    await events.filter({ hasText: '[DONE]' }).waitFor()
    const request = page.getByRole('textbox', { name: 'Request' })
    expect(JSON.parse(await request.inputValue())).toMatchObject({
      messages: [{ role: 'user', content: 'Hello' }],
    })
    const raw = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'By hand' }] }
    await request.fill(JSON.stringify(raw))
    await page.getByRole('button', { name: 'Send as it is written here' }).click()
    await answers.getByText('You said: By hand').waitFor()
    await page.getByRole('tab', { name: 'Code' }).click()
    const code = page.getByLabel('Code', { exact: true }).last()
    expect(await code.innerText()).toContain('$AQUEDUCT_KEY')
    await page.getByRole('combobox', { name: 'Language' }).selectOption('TypeScript')
    expect(await code.innerText()).toContain("import OpenAI from 'openai'")
    await leave()
  })

  it('tells what a refusal says', async () => {
    const expected = ['404 /v2/messages/test']
    const { answers, say, leave } = await open('?dialect=anthropic-messages&model=no-such-model', {
      expected,
    })
    await say('Hello')
    const refusal = answers.getByRole('alert')
    await refusal.waitFor()
    expect(await refusal.innerText()).toContain('no-such-model is not known here')
    await leave()
  })

  it('says so when nothing was captured that could be replayed', async () => {
    const expected = ['404 /v2/calls/req_x/bodies']
    const { page, leave } = await open('?replay=req_x', { expected })
    const note = page.getByText('No request was captured for req_x.')
    await note.waitFor()
    expect(await note.isVisible()).toBe(true)
    await leave()
  })

  it('keeps a conversation on this device where that is wanted alone', async () => {
    const { page, answers, say, leave } = await open()
    await say('Keep this')
    await answers.getByText('You said: Keep this').waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Ask a model something' }).waitFor()
    await page.getByRole('switch', { name: 'Keep on this device' }).check()
    await say('Keep that')
    await answers.getByText('You said: Keep that').waitFor()
    await isDone(page)
    await page.reload()
    await answers.getByText('You said: Keep that').waitFor()
    await page.getByRole('switch', { name: 'Keep on this device' }).uncheck()
    await page.reload()
    await page.getByRole('heading', { name: 'Ask a model something' }).waitFor()
    expect(await answers.count()).toBe(0)
    await leave()
  })

  it('keeps nothing again that another tab has forgotten', async () => {
    const { page, context, answers, say, leave } = await open()
    const keeping = page.getByRole('switch', { name: 'Keep on this device' })
    await keeping.check()
    const other = await context.newPage()
    await other.goto(page.url())
    const otherKeeping = other.getByRole('switch', { name: 'Keep on this device' })
    await expect.poll(() => otherKeeping.isChecked(), PATIENT).toBe(true)
    await otherKeeping.uncheck()
    await expect.poll(() => keeping.isChecked(), PATIENT).toBe(false)
    await say('Not to be kept')
    await answers.getByText('You said: Not to be kept').waitFor()
    await isDone(page)
    expect(await page.evaluate("localStorage.getItem('aqueduct.playground')")).toBeNull()
    await leave()
  })

  it('is used by keys alone', async () => {
    const { page, answers, message, leave } = await open()
    await page.keyboard.press('g')
    await page.keyboard.press('o')
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('p')
    await page.getByRole('heading', { level: 1, name: 'Playground' }).waitFor()
    await page.getByRole('combobox', { name: 'Model', exact: true }).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.type('sonnet 4.6')
    await page.locator('.model-option').first().waitFor()
    await page.keyboard.press('Enter')
    await message.focus()
    await page.keyboard.type('By keys')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('and lines')
    await page.keyboard.press('Enter')
    await answers.getByText('You said: By keys').waitFor()
    await isDone(page)
    expect(page.url()).toContain('model=claude-sonnet-4.6')
    expect(lastPrompt()).toContain(String.raw`By keys\nand lines`)
    await page.getByRole('tab', { name: 'Conversation' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.getByRole('textbox', { name: 'Request' }).waitFor()
    await leave()
  })

  const looks = [
    { theme: 'light', language: 'en', width: 1440 },
    { theme: 'dark', language: 'zh-CN', width: 390 },
    { theme: 'light', language: 'zh-CN', width: 320 },
  ] as const
  it.each(looks)('can be used by everybody with an answer: $theme, $language, $width px', async (look) => {
    const path = `${PATH}?model=claude-sonnet-4.5`
    const wishes = { url: gateway.url, path, script: axeScript, ...look }
    const { page, leave } = await lab().visit(wishes)
    const answer = '# Title\n\n- a\n- `b`\n\n```js\nlet a = 1\n```\n\n> c\n\n[d](https://fine.example/)'
    gateway.simulator.plan({ times: 1, behaviour: { kind: 'text', text: answer } })
    await page.locator('.composer textarea').fill('x'.repeat(300))
    await page.locator('.composer textarea').press('Enter')
    await page.locator('.answer-facts').waitFor()
    expect(await findViolations(page)).toEqual([])
    expect(await overflowOf(page)).toEqual([])
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click()
      expect(await findViolations(page)).toEqual([])
      expect(await overflowOf(page)).toEqual([])
    }
    await leave()
  })
})

import { afterAll, beforeAll, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { axeScript, findViolations } from './find-violations.ts'
import { MASTER_KEY } from './watch-page.ts'

const OWN_KEY = 'sk-of-the-environment-0123456789'
const CODEX = { 'user-agent': 'codex_cli_rs/0.42.0 (Linux)' }

describeInBrowser('setting up a client', (lab) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { MASTER_KEY, OPENAI_KEYS: OWN_KEY } })
  })
  afterAll(() => gateway.close())

  async function open(
    query: string,
    wishes: { expected?: string[]; width?: number; privacy?: boolean } = {},
  ) {
    const { privacy = false, ...rest } = wishes
    const visit = await lab().visit({
      url: gateway.url,
      path: `/console/setup?shell=sh&${query}`,
      preferences: { privacy, language: 'en' },
      script: axeScript,
      ...rest,
    })
    const sent: string[] = []
    visit.page.on('request', (request) => {
      const { 'x-api-key': _, authorization: __, ...headers } = request.headers()
      sent.push([request.url(), JSON.stringify(headers), request.postData() ?? ''].join(' '))
    })
    const { page } = visit
    await page.getByText('Waiting for the first request').waitFor()
    return { ...visit, sent, key: page.getByLabel('Key', { exact: true }) }
  }
  const ask = (key: string) =>
    gateway.postJson(
      '/v1/responses',
      { model: 'claude-sonnet-4.5', input: 'Say hello.' },
      { ...CODEX, authorization: `Bearer ${key}` },
    )

  it('a client, a new key, a check, and the first request, which turns green', async () => {
    const { page, key, sent, watch, leave } = await open('client=codex')
    const settings = page.getByRole('region', { name: 'Settings for Codex' })
    await settings.getByText(`base_url = "${gateway.url}/v1"`).waitFor()
    await settings.getByText('export AQUEDUCT_KEY=YOUR_KEY').waitFor()
    await page.getByRole('button', { name: 'Create a key' }).click()
    expect(await page.getByLabel('Name of the new key').inputValue()).toBe('Codex')
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    await page.getByText('It is shown this once').waitFor()
    const made = await key.inputValue()
    expect(made).toMatch(/^qk_/)
    await settings.getByText(`export AQUEDUCT_KEY=${made}`).waitFor()
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.getByText(/^It works: answered in/).waitFor()
    await page.getByText('Say hello.').waitFor()
    await page.getByText('Waiting for the first request from Codex').waitFor()
    expect((await ask(made)).status).toBe(200)
    await page.getByText('Codex is connected').waitFor()
    // It is asked for when there is news, not all the time.
    expect(watch.fetched().filter(({ path }) => path === '/v2/calls').length).toBeLessThan(8)
    expect(await findViolations(page)).toEqual([])
    await page.getByText(/codex_cli_rs 0\.42\.0 · claude-sonnet-4\.5 · 200/).waitFor()
    // It is sent as the credential of the check, and nowhere else.
    expect(sent.length).toBeGreaterThan(3)
    expect(sent.filter((each) => each.includes(made))).toEqual([])
    expect(await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')).not.toContain(
      made,
    )
    expect(page.url()).not.toContain(made)
    await page.getByRole('link', { name: 'API keys' }).click()
    await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor()
    await page.goBack()
    await page.getByText('Waiting for the first request').waitFor()
    expect(await key.inputValue()).toBe('')
    expect(await page.content()).not.toContain(made)
    await leave()
  })

  it('a wrong key fails in words, and so does a client that has one, until it comes with the right one', async () => {
    const { page, key, leave } = await open('client=codex', { expected: ['401 /v1/responses'] })
    await key.fill('sk-wrong-0123456789')
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.getByText('It does not work.').waitFor()
    await page.getByText('The gateway does not know this key').waitFor()
    await page.getByText('This API key is not known here.').waitFor()
    expect(await findViolations(page)).toEqual([])
    // Codex takes other statuses for reasons to try again.
    expect((await ask('sk-wrong-0123456789')).status).toBe(400)
    await page.getByText('Codex has asked, and was not answered').waitFor()
    await key.fill(OWN_KEY)
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.getByText(/^It works: answered in/).waitFor()
    expect((await ask(OWN_KEY)).status).toBe(200)
    await page.getByText('Codex is connected').waitFor()
    await leave()
  })

  it.each([
    ['claude-code', '/v1/messages'],
    ['cline', '/v1/chat/completions'],
    ['anthropic-sdk', '/v1/messages'],
    ['langchain', '/v1/chat/completions'],
  ])('the check of %s is its own request, to %s', async (client, path) => {
    const { page, key, watch, leave } = await open(`client=${client}&model=claude-haiku-4.5`)
    await key.fill(OWN_KEY)
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.getByText(/^It works: answered in/).waitFor()
    expect(watch.fetched().filter((answer) => answer.path.startsWith('/v1/'))).toMatchObject([
      { path, status: 200 },
    ])
    await leave()
    gateway.assertNoViolation()
  })

  it('by keys alone', async () => {
    const { page, leave } = await open('client=curl')
    await page.getByRole('heading', { level: 1, name: 'Setup' }).click()
    await page.keyboard.press('g')
    await page.keyboard.press('k')
    await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('s')
    await page.getByRole('region', { name: 'Settings for Claude Code' }).waitFor()
    await page.getByRole('button', { name: 'Zed' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: 'Settings for Zed' }).waitFor()
    await page.getByLabel('Key', { exact: true }).focus()
    await page.keyboard.type(OWN_KEY)
    await page.getByText(`export AQUEDUCT_API_KEY=${OWN_KEY}`).waitFor()
    await page.getByRole('button', { name: 'Windows: PowerShell' }).focus()
    await page.keyboard.press('Space')
    await page.getByText(`$env:AQUEDUCT_API_KEY = '${OWN_KEY}'`).waitFor()
    expect(page.url()).toContain('client=zed&shell=powershell')
    await page.getByRole('button', { name: 'Check', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByText(/^It works: answered in/).waitFor()
    await leave()
  })

  it('an address that cannot be reached from where the client calls', async () => {
    const { page, key, leave } = await open('client=cursor')
    await page.getByText('Cursor calls the gateway from the servers of its maker').waitFor()
    await key.fill(OWN_KEY)
    const address = page.getByLabel('Address of the gateway')
    await address.fill('q.example.com')
    await page.getByText('Scheme, host and port are needed').waitFor()
    await address.fill('https://q.example.com/v1')
    await page.getByText('Override OpenAI Base URL: https://q.example.com/v1').waitFor()
    await page.getByText('from the servers of its maker').waitFor({ state: 'detached' })
    await page.getByText('A page may only ask where it comes from').waitFor()
    await page.getByText('curl -N https://q.example.com/v1/chat/completions').waitFor()
    await page.reload()
    await page.getByText('Override OpenAI Base URL: https://q.example.com/v1').waitFor()
    expect(await key.inputValue()).toBe('')
    await leave()
  })

  it('a key that a language cannot hold is not written into it', async () => {
    const { page, key, leave } = await open('client=claude-code')
    await key.fill(`it's-100%-odd-0123456789`)
    await page.getByText(String.raw`export ANTHROPIC_AUTH_TOKEN='it'\''s-100%-odd-0123456789'`).waitFor()
    await page.getByRole('button', { name: 'Windows: cmd' }).click()
    await page.getByText('There is no sure way to write this key or address here').waitFor()
    expect(await page.getByText('set "ANTHROPIC_AUTH_TOKEN').count()).toBe(0)
    await leave()
  })

  it.each([
    ['cherry-studio', 'Cherry Studio', 'cherrystudio://providers/api-keys?v=1&data='],
    ['claude-code', 'CC Switch', 'ccswitch://v1/import?resource=provider&app=claude&'],
  ])('the link of %s is made after a warning', async (client, program, beginning) => {
    const { page, key, leave } = await open(`client=${client}`)
    const button = page.getByRole('button', { name: `Open in ${program}` })
    expect(await button.getAttribute('aria-disabled')).toBe('true')
    await key.fill(OWN_KEY)
    const scheme = beginning.split(':')[0] ?? ''
    expect(await page.content()).not.toContain(`${scheme}:`)
    await button.click()
    const dialog = page.getByRole('dialog', { name: 'A link that holds the key' })
    await dialog.getByText('Whoever sees the link has the key').waitFor()
    expect(await findViolations(page)).toEqual([])
    const href = await dialog.getByRole('link', { name: `Open ${program}` }).getAttribute('href')
    expect(href?.startsWith(beginning)).toBe(true)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await leave()
  })

  it('with masked names the key is not on the screen until it is asked for, and can be used all the same', async () => {
    const { page, key, leave } = await open('client=claude-code', { privacy: true, width: 390 })
    await key.fill(OWN_KEY)
    await page.getByText('export ANTHROPIC_AUTH_TOKEN=HIDDEN_KEY').waitFor()
    expect(await page.locator('main').innerText()).not.toContain(OWN_KEY)
    await page.getByRole('switch', { name: 'Show the key in the texts' }).check()
    await page.getByText(`export ANTHROPIC_AUTH_TOKEN=${OWN_KEY}`).waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    await leave()
  })
})

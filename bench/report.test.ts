import { describe, expect, it } from 'vitest'
import { writeReport, writeTable } from './report.ts'
import type { Finding } from './scenarios/scenario.ts'

const found = (contestant: Finding['contestant'], ...samples: Finding['samples']): Finding => ({
  contestant,
  samples,
})
const lastRowOf = (findings: Finding[]) =>
  writeTable(findings)
    .split('\n')
    .at(-1)
    ?.split('|')
    .map((cell) => cell.trim())
const verdictOf = (findings: Finding[]) => lastRowOf(findings)?.at(-2)

describe('writeTable', () => {
  it('has medians with their spread, ratios, and the targets as figures and as ratios to min', () => {
    const row = lastRowOf([
      found('ours', { 'streams-cpu': 0.3 }, { 'streams-cpu': 0.5 }, { 'streams-cpu': 0.4 }),
      found('pass', { 'streams-cpu': 0.2 }, { 'streams-cpu': 0.2 }, { 'streams-cpu': 0.2 }),
      found('min', { 'streams-cpu': 0.2 }, { 'streams-cpu': 0.25 }, { 'streams-cpu': 0.25 }),
    ])
    expect(row?.slice(1, -1)).toEqual([
      'CPU s per 1,000 streams of 20 tokens',
      '0.4 (0.3–0.5)',
      '0.2',
      '0.25 (0.2–0.25)',
      '2.00',
      '1.60',
      '≤ 0.36 (1.76 × min)',
      '≤ 0.18 (0.88 × min)',
      'must',
    ])
  })

  it('leaves out what was not measured', () => {
    expect(writeTable([found('ours', { start: 0.2 })]).split('\n')).toHaveLength(3)
  })

  it.each([
    [0.2, 'goal'],
    [0.4, 'must'],
    [0.5, 'MISSED'],
  ])('judges %d CPU seconds, where min takes 0.25, as %s', (seconds, verdict) => {
    const findings = [found('ours', { 'streams-cpu': seconds }), found('min', { 'streams-cpu': 0.25 })]
    expect(verdictOf(findings)).toBe(verdict)
  })

  it.each([
    [0.3, 'goal'],
    [0.5, 'must'],
    [0.51, 'MISSED'],
  ])('judges a start of %d s by itself as %s', (seconds, verdict) => {
    expect(verdictOf([found('ours', { start: seconds }), found('min', { start: 0.01 })])).toBe(verdict)
  })

  it.each([
    [[0.99, 1, 1, 1.01, 1.02], 'must: 0.99–1.02'],
    [[0.9, 1, 1, 1.01, 1.03], 'cannot tell: 0.9–1.03'],
    [[1.03, 1.04, 1.1, 1.2, 1.3], 'MISSED: 1.03–1.3'],
    [[1, 1, 1, 1], '–'],
  ])('judges turns of %j by where their median may be: %s', (ratios, verdict) => {
    const samples = ratios.map((ratio) => ({ 'viewers-p99': ratio }))
    expect(verdictOf([found('ours', ...samples)])).toBe(verdict)
  })

  it('adds up wrong answers, as a median would hide them', () => {
    const findings = [found('ours', { wrong: 0 }, { wrong: 0 }, { wrong: 1 })]
    expect(lastRowOf(findings)?.slice(1, 3)).toEqual(['wrong answers', '1'])
    expect(verdictOf(findings)).toBe('MISSED')
  })
})

describe('writeReport', () => {
  it('says when and on what it was measured', () => {
    const report = writeReport([], {
      date: new Date('2030-01-02T03:04:05Z'),
      nodeVersion: 'v24.0.0',
      processorModel: 'Some Processor',
      processorCount: 2,
      pinned: true,
    })
    expect(report).toContain('2030-01-02, Node v24.0.0, 2 × Some Processor, the gateway pinned')
  })
})

import { describe, expect, it } from 'vitest'
import type { Refusal } from '../../conversation/failures.ts'
import { FULL_FORM } from '../upstream.ts'
import type { RequestForm } from '../upstream.ts'
import { rewriteForm } from './rewrite.ts'

const always = () => true
const leavesOutThinking = ({ earlierThinking }: RequestForm) => earlierThinking === 'left-out'

describe('rewriteForm', () => {
  it.each<[Refusal, Partial<RequestForm>]>([
    ['tool-schema', { toolSchemas: 'plain' }],
    ['earlier-thinking', { earlierThinking: 'left-out' }],
    ['model-fields', { modelFields: 'left-out' }],
    ['unexplained', { toolSchemas: 'plain' }],
  ])('after a refusal of %s gives way in %j', (refusal, change) => {
    expect(rewriteForm(FULL_FORM, { refusal, changes: always })).toEqual({ ...FULL_FORM, ...change })
  })

  it.each<Refusal>(['tool-schema', 'earlier-thinking', 'model-fields'])(
    'has no second answer to a refusal of %s',
    (refusal) => {
      const next = rewriteForm(FULL_FORM, { refusal, changes: always })
      expect(next && rewriteForm(next, { refusal, changes: always })).toBeUndefined()
    },
  )

  it('gives way in one thing after the other when nobody says what was refused', () => {
    const forms: RequestForm[] = []
    let form: RequestForm | undefined = FULL_FORM
    while (form !== undefined) {
      form = rewriteForm(form, { refusal: 'unexplained', changes: always })
      if (form !== undefined) forms.push(form)
    }
    expect(forms).toEqual([
      { toolSchemas: 'plain', earlierThinking: 'replayed', modelFields: 'sent' },
      { toolSchemas: 'plain', earlierThinking: 'replayed', modelFields: 'left-out' },
      { toolSchemas: 'plain', earlierThinking: 'left-out', modelFields: 'left-out' },
    ])
  })

  it('skips what would change nothing', () => {
    expect(rewriteForm(FULL_FORM, { refusal: 'unexplained', changes: leavesOutThinking })).toEqual({
      ...FULL_FORM,
      earlierThinking: 'left-out',
    })
    expect(rewriteForm(FULL_FORM, { refusal: 'tool-schema', changes: leavesOutThinking })).toBeUndefined()
  })

  it('does nothing about failures that no other form would mend', () => {
    expect(rewriteForm(FULL_FORM, { refusal: undefined, changes: always })).toBeUndefined()
  })
})

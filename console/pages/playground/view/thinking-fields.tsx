import { speak } from '../../../i18n/messages.ts'
import { SelectField } from '../../../parts/field.tsx'
import { messages } from '../messages.ts'
import { changeWishes, modelOf, models, wishes } from '../talk/playground-state.ts'
import { NumberField } from './number-field.tsx'

const USUAL_EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max']
const MOST_BUDGET = 1_000_000

/** Whether the model shall think, and how much. */
export function ThinkingFields() {
  const text = speak(messages)
  const { thinking, effort, budgetTokens, dialect } = wishes.value
  const model = models.state.value.value?.find(({ id }) => id === modelOf('first'))
  const efforts = model === undefined || model.efforts.length === 0 ? USUAL_EFFORTS : model.efforts
  const hasBudget = dialect !== 'openai-responses'
  return (
    <>
      <SelectField
        label={text('thinking')}
        value={thinking}
        options={[
          { value: 'default', label: text('thinkingDefault') },
          { value: 'off', label: text('thinkingOff') },
          { value: 'on', label: text('thinkingOn') },
        ]}
        onChoice={(choice) => changeWishes({ thinking: choice })}
      />
      {thinking === 'on' && (
        <SelectField
          label={text('effort')}
          value={effort}
          hint={hasBudget ? undefined : text('budgetNone')}
          options={[
            { value: '', label: text('effortUsual') },
            ...efforts.map((each) => ({ value: each, label: each })),
          ]}
          onChoice={(choice) => changeWishes({ effort: choice })}
        />
      )}
      {thinking === 'on' && hasBudget && (
        <NumberField
          label={text('budget')}
          value={budgetTokens}
          least={1}
          most={MOST_BUDGET}
          onNumber={(tokens) => changeWishes({ budgetTokens: tokens })}
        />
      )}
    </>
  )
}

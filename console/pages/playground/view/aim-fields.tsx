import { speak } from '../../../i18n/messages.ts'
import { SelectField } from '../../../parts/field.tsx'
import { accounts } from '../../accounts/accounts-store.ts'
import { planOf } from '../../accounts/account-facts.ts'
import { nameToChoose } from '../../accounts/account-name.ts'
import { messages } from '../messages.ts'
import { aimAt, aims, modelOf, models, type LaneName } from '../talk/playground-state.ts'
import { ModelPicker } from './model-picker.tsx'

/** Longer lists are no help; who is further down is pinned by a link from its own page. */
const MOST_LISTED = 500

/** Which model is asked, and through which account. */
export function AimFields({ name }: { name: LaneName }) {
  const text = speak(messages)
  const { accountId } = aims.value[name]
  const isFirst = name === 'first'
  const all = accounts.state.value.value ?? []
  const listed = all.slice(0, MOST_LISTED)
  const pinned = listed.some(({ id }) => id === accountId)
    ? undefined
    : all.find(({ id }) => id === accountId)
  const options = [...(pinned === undefined ? [] : [pinned]), ...listed].map((account) => {
    const plan = planOf(account)
    const called = nameToChoose(account)
    return { value: account.id, label: plan === undefined ? called : `${called} · ${plan}` }
  })
  const { value: known, error } = models.state.value
  const isUnknown = accountId !== '' && !options.some(({ value }) => value === accountId)
  return (
    <>
      <ModelPicker
        label={text(isFirst ? 'model' : 'secondModel')}
        models={known ?? (error === undefined ? undefined : [])}
        chosen={modelOf(name)}
        onChoose={(id) => aimAt(name, { model: id })}
      />
      <SelectField
        label={text(isFirst ? 'account' : 'secondAccount')}
        value={accountId}
        options={[
          { value: '', label: text('anyAccount') },
          ...(isUnknown ? [{ value: accountId, label: accountId }] : []),
          ...options,
        ]}
        onChoice={(id) => aimAt(name, { accountId: id })}
      />
    </>
  )
}

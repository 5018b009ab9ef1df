import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Field } from '../../../parts/field.tsx'
import { unreachable } from '../../../unreachable.ts'
import { messages } from '../messages.ts'
import { readToolsText, toolsText } from '../talk/playground-state.ts'
import { presets } from '../tools/presets.ts'
import { writeTools, type ReadTools } from '../tools/read-tools.ts'

/** The tools that the model may call, as JSON, with some to begin with. */
export function ToolsEditor() {
  const text = speak(messages)
  const read = readToolsText.value
  const known = read.kind === 'tools' ? read.tools : []
  return (
    <div class="form">
      <Field
        label={text('tools')}
        hint={text('toolsHint')}
        error={problemOf(read)}
        control={(ties) => (
          <textarea
            {...ties}
            rows={6}
            spellcheck={false}
            value={toolsText.value}
            onInput={(event) => (toolsText.value = event.currentTarget.value)}
          />
        )}
      />
      <div class="actions">
        {presets.map((preset) => (
          <Button
            key={preset.name}
            icon="add"
            aria-disabled={read.kind !== 'tools' || known.some(({ name }) => name === preset.name)}
            onClick={() => {
              const isThere = known.some(({ name }) => name === preset.name)
              if (read.kind === 'tools' && !isThere) toolsText.value = writeTools([...known, preset])
            }}
          >
            {text('addTool', { name: preset.name })}
          </Button>
        ))}
      </div>
    </div>
  )
}

function problemOf(read: ReadTools): string | undefined {
  const text = speak(messages)
  switch (read.kind) {
    case 'tools':
      return undefined
    case 'no-json':
      return text('toolsNoJson')
    case 'no-list':
      return text('toolsNoList')
    case 'no-name':
      return text('toolsNoName', { at: read.at })
    case 'no-schema':
      return text('toolsNoSchema', { at: read.at })
    case 'same-name':
      return text('toolsSameName', { at: read.at })
    default:
      return unreachable(read)
  }
}

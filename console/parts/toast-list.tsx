import { defineMessages, speak } from '../i18n/messages.ts'
import { closeToast, toasts, type Toast } from '../state/toasts.ts'
import { Button, IconButton } from './button.tsx'
import { Icon } from './icon.tsx'

const messages = defineMessages(
  { close: 'Close', undo: 'Undo', requestId: 'Request {id}', region: 'Messages' },
  { close: '关闭', undo: '撤销', requestId: '请求编号 {id}', region: '消息' },
)

export function ToastList() {
  const text = speak(messages)
  return (
    <div class="toasts" role="region" aria-label={text('region')}>
      <div role="status">
        {toasts.value.map((toast) => (
          <ToastCard key={toast.id} toast={toast} />
        ))}
      </div>
    </div>
  )
}

function ToastCard({ toast }: { toast: Toast }) {
  const text = speak(messages)
  return (
    <div class={`toast ${toast.kind}`}>
      <Icon name={toast.kind === 'done' ? 'check' : 'error'} />
      <div>
        {typeof toast.text === 'string' ? toast.text : toast.text()}
        {toast.requestId !== undefined && <p class="hint">{text('requestId', { id: toast.requestId })}</p>}
      </div>
      {toast.undo !== undefined && (
        <Button
          look="quiet"
          onClick={() => {
            toast.undo?.()
            closeToast(toast.id)
          }}
        >
          {text('undo')}
        </Button>
      )}
      <IconButton icon="close" label={text('close')} onClick={() => closeToast(toast.id)} />
    </div>
  )
}

import { Toast } from '@base-ui/react/toast';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { IconButton } from './button.tsx';

const manager = Toast.createToastManager();

/** Says that something happened. */
export function tell(title: string, description?: string): void {
  manager.add({ title, ...(description ? { description } : {}), timeout: 6_000 });
}

const undoMs = 10_000;

/**
 * Does something after ten seconds unless the reader takes it back. The page shows it as done at once.
 *
 * @param commit Runs once: after ten seconds, when the note is closed, or when the page is left.
 */
export function tellWithUndo(title: string, undoLabel: string, commit: () => void, undo: () => void): void {
  let settled = false;
  const settle = (action: () => void) => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    removeEventListener('pagehide', onLeave);
    manager.close(id);
    action();
  };
  const onLeave = () => settle(commit);
  const timer = setTimeout(onLeave, undoMs);
  addEventListener('pagehide', onLeave);
  const id = manager.add({
    title,
    timeout: undoMs,
    onClose: onLeave,
    actionProps: { children: undoLabel, onClick: () => settle(undo) },
  });
}

function ToastList() {
  const say = useWords(common);
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className="pointer-events-auto flex w-full items-center gap-3 rounded-card border border-line bg-card py-2 pr-2 pl-4 shadow-over transition-opacity duration-200 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0"
    >
      <Toast.Content className="flex min-w-0 flex-1 items-center gap-3">
        <div className="min-w-0 flex-1">
          <Toast.Title className="font-medium" />
          <Toast.Description className="text-small text-soft" />
        </div>
        {toast.actionProps && (
          <Toast.Action className="min-h-8 rounded-control border border-line px-3 font-medium hover:border-field" />
        )}
        <Toast.Close render={<IconButton icon="close" label={say('close')} />} />
      </Toast.Content>
    </Toast.Root>
  ));
}

/** The place where notes appear: bottom right, above the bottom bar of narrow screens. */
export function ToastArea() {
  return (
    <Toast.Provider toastManager={manager} limit={4}>
      <Toast.Portal>
        <Toast.Viewport className="pointer-events-none fixed right-3 bottom-20 z-[60] grid w-[min(380px,calc(100vw-24px))] gap-2 min-[900px]:right-6 min-[900px]:bottom-6">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

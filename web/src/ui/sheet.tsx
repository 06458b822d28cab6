// A sheet slides over the page for one form; a box asks one question. Both hold the focus and give it back.
import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Button } from './button';
import { CloseIcon } from './icons';

interface Props {
  title: ReactNode;
  subtitle?: ReactNode;
  onClose?: () => void;
  children: ReactNode;
  /** 'sheet' for forms, 'box' for questions */
  shape?: 'sheet' | 'box';
  role?: 'dialog' | 'alertdialog';
}

export function Sheet({ title, subtitle, onClose, children, shape = 'sheet', role = 'dialog' }: Props) {
  return (
    <ModalOverlay
      isOpen
      onOpenChange={(open) => !open && onClose?.()}
      isDismissable={false}
      isKeyboardDismissDisabled={!onClose}
      className={shape === 'sheet' ? 'overlay' : 'overlay overlay-center'}
    >
      <Modal className={shape === 'sheet' ? 'sheet' : 'dialog-box'}>
        <Dialog className="sheet-inner" role={role}>
          <div className="sheet-head">
            <div>
              <Heading slot="title" level={2}>
                {title}
              </Heading>
              {subtitle && <p className="soft">{subtitle}</p>}
            </div>
            {onClose && (
              <Button look="quiet" icon aria-label={t`Close`} onPress={onClose}>
                <CloseIcon />
              </Button>
            )}
          </div>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

import type { ReactNode } from 'react';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { Button, type Look } from './button';
import { CheckIcon, ChevronIcon } from './icons';
import { MenuLabel } from './menu_label';

export interface MenuEntry {
  id: string;
  label: ReactNode;
  /** for screen readers and type-ahead, when the label is not text */
  text?: string;
}

export interface MenuProps {
  label: ReactNode;
  entries: MenuEntry[];
  onAct?: (id: string) => void;
  /** checked entries; the menu stays open while several are chosen */
  selected?: string[];
  onSelect?: (ids: string[]) => void;
  single?: boolean;
  look?: Look;
  name?: string;
}

export default function MenuButton({
  label,
  entries,
  onAct,
  selected,
  onSelect,
  single,
  look = 'quiet',
  name,
}: MenuProps) {
  return (
    <MenuTrigger>
      <Button look={look}>
        <MenuLabel name={name} label={label} />
        <ChevronIcon />
      </Button>
      <Popover className="popover">
        <Menu
          className="menu"
          aria-label={name ?? (typeof label === 'string' ? label : undefined)}
          onAction={onAct ? (key) => onAct(String(key)) : undefined}
          selectionMode={selected ? (single ? 'single' : 'multiple') : 'none'}
          disallowEmptySelection={single}
          selectedKeys={selected}
          onSelectionChange={(keys) => keys !== 'all' && onSelect?.([...keys].map(String))}
        >
          {entries.map((entry) => (
            <MenuItem
              key={entry.id}
              id={entry.id}
              className="menu-item"
              textValue={entry.text ?? (typeof entry.label === 'string' ? entry.label : entry.id)}
            >
              {({ isSelected }) => (
                <>
                  {selected && <span className="check">{isSelected && <CheckIcon />}</span>}
                  {entry.label}
                </>
              )}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

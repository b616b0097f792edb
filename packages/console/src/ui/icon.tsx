const paths = {
  assistant: 'M4 5.5h16v11H10l-4.500 3.500V16.500H4z',
  apps: 'M4.500 4.500h6v6h-6z M13.500 4.500h6v6h-6z M4.500 13.500h6v6h-6z M13.500 13.500h6v6h-6z',
  more: 'M5 12h.01 M12 12h.01 M19 12h.01',
  search: 'M10.500 17a6.500 6.500 0 1 1 0-13 6.500 6.500 0 0 1 0 13z M15.500 15.500 20 20',
  plus: 'M12 5v14 M5 12h14',
  close: 'M6 6l12 12 M18 6 6 18',
  stop: 'M7 7h10v10H7z',
  send: 'M12 19V5 M6 11l6-6 6 6',
  copy: 'M9 9h10v10H9z M15 9V5H5v10h4',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  edit: 'M5 19l1-4L15.500 5.500l3 3L9 18z',
  again: 'M19 12a7 7 0 1 1-2.200-5.100 M19 4v4h-4',
  left: 'M14.500 6l-6 6 6 6',
  right: 'M9.500 6l6 6-6 6',
  down: 'M6 9.500l6 6 6-6',
  up: 'M12 20V8 M12 4v.01',
  thumbUp: 'M8 11l3.500-7a2 2 0 0 1 2 2v3.500H19l-1.500 9.500H8z M8 11v8H4.500v-8z',
  thumbDown: 'M16 13l-3.500 7a2 2 0 0 1-2-2v-3.500H5L6.500 5H16z M16 13V5h3.500v8z',
  pin: 'M9 4h6l-1 6 3 3H7l3-3z M12 13v7',
  file: 'M6 3.500h8l4 4v13H6z M14 3.500v4h4',
  folder: 'M3.500 6h6l2 2.500h9v10.500h-17z',
  image: 'M4 5h16v14H4z M4 16l5-5 4 4 3-3 4 4 M15.500 9.500v.01',
  sound:
    'M9 18V6l10-2v11 M9 18a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0z M19 15a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0z',
  film: 'M4 5h16v14H4z M10 9l5 3-5 3z',
  table: 'M4 5h16v14H4z M4 10h16 M4 14.500h16 M10 5v14',
  code: 'M9 7l-5 5 5 5 M15 7l5 5-5 5',
  trash: 'M5 7h14 M9.500 7V4.500h5V7 M7 7l1 13h8l1-13',
  link: 'M10 14l4-4 M11 7l2-2a4 4 0 0 1 6 6l-2 2 M13 17l-2 2a4 4 0 0 1-6-6l2-2',
  pause: 'M9 6v12 M15 6v12',
  play: 'M8 5l11 7-11 7z',
  list: 'M8 6h12 M8 12h12 M8 18h12 M4 6h.01 M4 12h.01 M4 18h.01',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 11v5 M12 8v.01',
  branch: 'M7 5v14 M7 15c0-4 10-2 10-7 M17 8V5',
  panel: 'M4 5h16v14H4z M9.500 5v14',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4.500 20.500c.5-4 3.500-6 7.500-6s7 2 7.500 6',
  external: 'M9 6H5v13h13v-4 M13 5h6v6 M19 5l-9 9',
  download: 'M12 4v11 M7 11l5 5 5-5 M5 20h14',
  wrong: 'M12 8v5 M12 16.500v.01 M12 3.500 21.500 20h-19z',
} as const;

export type IconName = keyof typeof paths;

/** A line icon; decoration only, so the control around it carries the name. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.6 : 1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      className="shrink-0"
    >
      <path d={paths[name]} />
    </svg>
  );
}

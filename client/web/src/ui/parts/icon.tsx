// Marks. They stand beside words and are hidden from assistive technology.

const PATHS = {
  both: "M8.5 6.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Zm7 0a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Z",
  nobody: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16Z",
  waits: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16Zm0 3.5V12l3 2",
  choose: "M12 4 21 20H3L12 4Zm0 6v4m0 3v.01",
  done: "m5 12.5 4.5 4.5L19 7.5",
  close: "M6 6l12 12M18 6 6 18",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm5 11.5L20 20",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  edit: "M4 20l1-4L16 5l3 3L8 19l-4 1Z",
  plus: "M12 5v14M5 12h14",
  up: "m6 14 6-6 6 6",
  down: "m6 10 6 6 6-6",
  right: "m9 6 6 6-6 6",
  back: "m15 6-6 6 6 6",
  undo: "M9 7 4.5 11.5 9 16M5 11.5h9a5 5 0 0 1 0 10h-2",
  redo: "m15 7 4.5 4.5L15 16m4-4.5h-9a5 5 0 0 0 0 10h2",
  document: "M7 3h7l4 4v14H7V3Zm7 0v4h4M10 12h5M10 16h5",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6 9c0-3.5 2.5-6 6-6s6 2.500 6 6M16 4.500a3.500 3.500 0 0 1 0 6.500M17.500 14.500c2.200.800 3.500 2.800 3.500 5.500",
  rules: "M6 4h12v16l-6-3.500L6 20V4Zm3 5h6M9 12.500h4",
  inbox: "M4 13 6.500 5h11L20 13v6H4v-6Zm0 0h4.500c.500 2 1.500 3 3.500 3s3-1 3.500-3H20",
  device: "M7 3h10v18H7V3Zm4 15h2",
  history: "M4.500 8A8.500 8.500 0 1 1 3.500 12M4 4v4.500h4.500M12 8v4.500l3 2",
  download: "M12 4v11m-4.500-4.500L12 15l4.500-4.500M5 20h14",
  share: "M12 15V4M8 7.500 12 3.500l4 4M6 12H5v8h14v-8h-1",
  copy: "M9 9h11v11H9V9Zm-4 6H4V4h11v1",
  print: "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7v-6Z",
  talk: "M4 5h16v11H11l-5 4v-4H4V5Z",
  link: "M10 14a4 4 0 0 0 6 .500l3-3a4 4 0 0 0-5.500-5.500L12 7.500M14 10a4 4 0 0 0-6-.500l-3 3A4 4 0 0 0 10.500 18L12 16.500",
  translate: "M4 6h9M8.500 4v2c0 4-2 7-4.500 8.500M6 9.500c1 2.500 3 4 5.500 5M12 20l4.500-10L21 20m-7.500-3h6",
  sign: "M4 20h16M6 16l1-4 8.500-8.500 3 3L10 15l-4 1Z",
  send: "M4 12 20 4l-5 16-3.500-6.500L4 12Zm7.500 1.500L20 4",
  lock: "M6 11h12v9H6v-9Zm2.500 0V8a3.500 3.500 0 0 1 7 0v3",
  cloud: "M7 18a4 4 0 0 1-.500-8 6 6 0 0 1 11.500 1.500A3.500 3.500 0 0 1 17.500 18H7Z",
  offline: "M7 18a4 4 0 0 1-.500-8 6 6 0 0 1 3-3M13 6.200A6 6 0 0 1 18 11.500 3.500 3.500 0 0 1 19.500 17M4 4l16 16",
  keyboard: "M3 7h18v10H3V7Zm4 3.500h.01M12 10.500h.01M17 10.500h.01M8 14h8",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  fixed: "M7 12h10",
  flexible: "M4 12c2-4 4-4 6 0s4 4 6 0 3-3 4-2",
} as const;

export type Mark = keyof typeof PATHS;

export function Icon({ mark }: { mark: Mark }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[mark]} />
    </svg>
  );
}

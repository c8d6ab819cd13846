import type { ReactNode } from 'react';

/** Drawn on a 16 px grid; always beside a word or inside a labelled button, so hidden from screen readers. */
function icon(drawing: ReactNode) {
  return function Icon({ size = 16 }: { size?: number }) {
    return (
      <svg
        className="icon"
        width={size}
        height={size}
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {drawing}
      </svg>
    );
  };
}

export const WarningIcon = icon(<path d="M8 2.2 14.4 13.4H1.6zM8 6.4v3.2M8 11.4v.1" />);
export const StopIcon = icon(<path d="M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3zM5.5 8h5" />);
export const ClockIcon = icon(
  <>
    <circle cx="8" cy="8" r="6" />
    <path d="M8 4.8V8l2.2 1.6" />
  </>,
);
export const CheckIcon = icon(<path d="m3 8.4 3.2 3.2L13 4.8" />);
export const DoubleCheckIcon = icon(<path d="m1.5 8.6 3 3L11 5M7.6 11l.9.8L15 5" />);
export const CrossIcon = icon(<path d="m4 4 8 8M12 4l-8 8" />);
export const QuestionIcon = icon(
  <>
    <circle cx="8" cy="8" r="6" />
    <path d="M6.3 6.3a1.8 1.8 0 1 1 2.5 1.8c-.5.3-.8.6-.8 1.2M8 11.3v.1" />
  </>,
);
export const SunIcon = icon(
  <>
    <circle cx="8" cy="8" r="2.8" />
    <path d="M8 1.6v1.2M8 13.2v1.2M1.6 8h1.2M13.2 8h1.2M3.5 3.5l.8.8M11.7 11.7l.8.8M3.5 12.5l.8-.8M11.7 4.3l.8-.8" />
  </>,
);
export const MoonIcon = icon(<path d="M13.4 9.6A5.8 5.8 0 0 1 6.4 2.6a5.8 5.8 0 1 0 7 7z" />);
export const AutoIcon = icon(
  <>
    <circle cx="8" cy="8" r="6" />
    <path d="M8 2v12M8 2a6 6 0 0 1 0 12" fill="currentColor" />
  </>,
);
export const SignOutIcon = icon(<path d="M6.4 2.4H3.2v11.2h3.2M10 5l3 3-3 3M13 8H6.4" />);
export const BackIcon = icon(<path d="M9.6 3.2 4.8 8l4.8 4.8" />);
export const ChevronIcon = icon(<path d="m6 3.6 4.4 4.4L6 12.4" />);
export const PhoneIcon = icon(
  <path d="M4.2 2.4h2l1 2.8-1.4 1a7.4 7.4 0 0 0 4 4l1-1.4 2.8 1v2a1.4 1.4 0 0 1-1.5 1.4A10.3 10.3 0 0 1 2.8 3.9 1.4 1.4 0 0 1 4.2 2.4z" />,
);
export const MessageIcon = icon(<path d="M2.4 3.2h11.2v7.6H7.2L4.4 13.2v-2.4h-2z" />);
export const ReplyIcon = icon(<path d="M6.4 4 2.8 7.6l3.6 3.6M2.8 7.6h6.4a4 4 0 0 1 4 4v.8" />);
export const CalendarIcon = icon(<path d="M2.6 3.6h10.8v9.8H2.6zM2.6 6.6h10.8M5.4 2v2.8M10.6 2v2.8" />);
export const PathIcon = icon(
  <>
    <circle cx="3.4" cy="12" r="1.4" />
    <circle cx="12.6" cy="4" r="1.4" />
    <path d="M4.8 12h4.4a2 2 0 0 0 0-4H6.8a2 2 0 0 1 0-4h4.4" />
  </>,
);
export const TaskIcon = icon(<path d="M2.8 2.8h10.4v10.4H2.8zM5.4 8.2l1.8 1.8 3.4-3.8" />);
export const ConsentIcon = icon(<path d="M8 1.8 13.2 4v3.6c0 3.2-2.2 5.4-5.2 6.6-3-1.2-5.2-3.4-5.2-6.6V4z" />);
export const NoteIcon = icon(<path d="M3.2 2.4h9.6v11.2H3.2zM5.6 5.6h4.8M5.6 8.2h4.8M5.6 10.8h2.6" />);
export const DecisionIcon = icon(<path d="M8 14V9M8 9 3.6 4.8M8 9l4.4-4.2M3.4 8V4.6h3.4M12.6 8V4.6H9.2" />);
export const SearchIcon = icon(
  <>
    <circle cx="7" cy="7" r="4.4" />
    <path d="m10.4 10.4 3.4 3.4" />
  </>,
);
export const PersonIcon = icon(
  <>
    <circle cx="8" cy="5.2" r="2.6" />
    <path d="M2.8 13.6c.6-2.8 2.6-4.2 5.2-4.2s4.6 1.4 5.2 4.2" />
  </>,
);
export const TextIcon = icon(<path d="M4.5 1.8h7v12.4h-7zM7.2 12h1.6" />);
export const MailIcon = icon(<path d="M2 3.6h12v8.8H2zM2.3 4l5.7 4.6L13.7 4" />);
export const ChatIcon = icon(<path d="M2.2 2.8h11.6v8H7.4L4.4 13.6v-2.8H2.2z" />);
export const PageIcon = icon(<path d="M3.2 1.8h9.6v12.4H3.2zM5.4 5h5.2M5.4 8h5.2M5.4 11h3" />);

-- Since when a visitor of the chat is known to be a patient: from then on their token lives as briefly as a session of their own pages.
alter table chat_visitor add column verified_at timestamptz;

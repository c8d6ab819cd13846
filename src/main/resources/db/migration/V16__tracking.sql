-- What became of a message, told with the message.
create index engagement_message on engagement (message_id, at) where message_id is not null;

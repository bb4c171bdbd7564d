/** Both hosts' logs of four mails: one that arrives, two that bounce (no such user, no such domain), one put off. */
export const host1Log = `2026-11-24T10:05:35.696619+00:00 host1example1test postfix/pickup[954]: A75D42604C4: uid=1001 from=<user1@example1.test>
2026-11-24T10:05:35.696793+00:00 host1example1test postfix/cleanup[1081]: A75D42604C4: message-id=<mail1@example1.test>
2026-11-24T10:05:35.708015+00:00 host1example1test postfix/qmgr[955]: A75D42604C4: from=<user1@example1.test>, size=267, nrcpt=1 (queue active)
2026-11-24T10:05:35.815695+00:00 host1example1test postfix/smtp[1083]: A75D42604C4: to=<user2@example2.test>, relay=mail.example2.test[192.168.1.13]:25, delay=0.14, delays=0.03/0.02/0.07/0.01, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as C6B102606B2)
2026-11-24T10:05:35.815769+00:00 host1example1test postfix/qmgr[955]: A75D42604C4: removed
2026-11-24T10:05:37.144748+00:00 host1example1test postfix/pickup[954]: 23341260714: uid=1001 from=<user1>
2026-11-24T10:05:37.145715+00:00 host1example1test postfix/cleanup[1081]: 23341260714: message-id=<mail2@example1.test>
2026-11-24T10:05:37.146913+00:00 host1example1test postfix/qmgr[955]: 23341260714: from=<user1@example1.test>, size=268, nrcpt=1 (queue active)
2026-11-24T10:05:37.216575+00:00 host1example1test postfix/smtp[1083]: 23341260714: to=<nobody9@example2.test>, relay=mail.example2.test[192.168.1.13]:25, delay=0.07, delays=0/0/0.05/0.02, dsn=5.1.1, status=bounced (host mail.example2.test[192.168.1.13] said: 550 5.1.1 <nobody9@example2.test>: Recipient address rejected: User unknown in local recipient table (in reply to RCPT TO command))
2026-11-24T10:05:37.217869+00:00 host1example1test postfix/cleanup[1081]: 35141260723: message-id=<20261124100537.35141260723@mail.example1.test>
2026-11-24T10:05:37.218685+00:00 host1example1test postfix/bounce[1092]: 23341260714: sender non-delivery notification: 35141260723
2026-11-24T10:05:37.219421+00:00 host1example1test postfix/qmgr[955]: 35141260723: from=<>, size=2442, nrcpt=1 (queue active)
2026-11-24T10:05:37.219858+00:00 host1example1test postfix/qmgr[955]: 23341260714: removed
2026-11-24T10:05:37.225168+00:00 host1example1test postfix/local[1093]: 35141260723: to=<user1@example1.test>, relay=local, delay=0.01, delays=0/0/0/0, dsn=2.0.0, status=sent (delivered to mailbox)
2026-11-24T10:05:37.225219+00:00 host1example1test postfix/qmgr[955]: 35141260723: removed
2026-11-24T10:05:38.460337+00:00 host1example1test postfix/pickup[954]: 704CA260602: uid=1001 from=<user1>
2026-11-24T10:05:38.461514+00:00 host1example1test postfix/cleanup[1081]: 704CA260602: message-id=<mail3@example1.test>
2026-11-24T10:05:38.463665+00:00 host1example1test postfix/qmgr[955]: 704CA260602: from=<user1@example1.test>, size=262, nrcpt=1 (queue active)
2026-11-24T10:05:38.474626+00:00 host1example1test postfix/smtp[1083]: 704CA260602: to=<u@nowhere.test>, relay=none, delay=0.01, delays=0.01/0/0/0, dsn=5.4.4, status=bounced (Host or domain name not found. Name service error for name=nowhere.test type=AAAA: Host not found)
2026-11-24T10:05:38.475079+00:00 host1example1test postfix/cleanup[1081]: 73E7A260644: message-id=<20261124100538.73E7A260644@mail.example1.test>
2026-11-24T10:05:38.479613+00:00 host1example1test postfix/qmgr[955]: 73E7A260644: from=<>, size=2298, nrcpt=1 (queue active)
2026-11-24T10:05:38.479910+00:00 host1example1test postfix/bounce[1092]: 704CA260602: sender non-delivery notification: 73E7A260644
2026-11-24T10:05:38.480445+00:00 host1example1test postfix/qmgr[955]: 704CA260602: removed
2026-11-24T10:05:38.484538+00:00 host1example1test postfix/local[1093]: 73E7A260644: to=<user1@example1.test>, relay=local, delay=0.01, delays=0/0/0/0, dsn=2.0.0, status=sent (delivered to mailbox)
2026-11-24T10:05:38.484857+00:00 host1example1test postfix/qmgr[955]: 73E7A260644: removed
2026-11-24T10:05:42.736779+00:00 host1example1test postfix/pickup[954]: B3CA0260794: uid=1001 from=<user1>
2026-11-24T10:05:42.737462+00:00 host1example1test postfix/cleanup[1081]: B3CA0260794: message-id=<mail4@example1.test>
2026-11-24T10:05:42.739882+00:00 host1example1test postfix/qmgr[955]: B3CA0260794: from=<user1@example1.test>, size=267, nrcpt=1 (queue active)
2026-11-24T10:05:42.741667+00:00 host1example1test postfix/smtp[1083]: connect to mail.example2.test[192.168.1.13]:25: Connection refused
2026-11-24T10:05:42.751599+00:00 host1example1test postfix/smtp[1083]: B3CA0260794: to=<user2@example2.test>, relay=none, delay=0.01, delays=0/0/0/0, dsn=4.4.1, status=deferred (connect to mail.example2.test[192.168.1.13]:25: Connection refused)
`;

export const host2Log = `2026-11-24T10:05:35.783526+00:00 host2example2test postfix/smtpd[1073]: connect from unknown[192.168.1.12]
2026-11-24T10:05:35.814080+00:00 host2example2test postfix/smtpd[1073]: C6B102606B2: client=unknown[192.168.1.12]
2026-11-24T10:05:35.814778+00:00 host2example2test postfix/cleanup[1079]: C6B102606B2: message-id=<mail1@example1.test>
2026-11-24T10:05:35.815384+00:00 host2example2test postfix/smtpd[1073]: disconnect from unknown[192.168.1.12] ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7
2026-11-24T10:05:35.816216+00:00 host2example2test postfix/qmgr[955]: C6B102606B2: from=<user1@example1.test>, size=455, nrcpt=1 (queue active)
2026-11-24T10:05:35.822961+00:00 host2example2test postfix/local[1080]: C6B102606B2: to=<user2@example2.test>, relay=local, delay=0.01, delays=0.01/0.01/0/0, dsn=2.0.0, status=sent (delivered to mailbox)
2026-11-24T10:05:35.823062+00:00 host2example2test postfix/qmgr[955]: C6B102606B2: removed
2026-11-24T10:05:37.155654+00:00 host2example2test postfix/smtpd[1073]: connect from unknown[192.168.1.12]
2026-11-24T10:05:37.196395+00:00 host2example2test postfix/smtpd[1073]: NOQUEUE: reject: RCPT from unknown[192.168.1.12]: 550 5.1.1 <nobody9@example2.test>: Recipient address rejected: User unknown in local recipient table; from=<user1@example1.test> to=<nobody9@example2.test> proto=ESMTP helo=<mail.example1.test>
2026-11-24T10:05:37.217025+00:00 host2example2test postfix/smtpd[1073]: disconnect from unknown[192.168.1.12] ehlo=2 starttls=1 mail=1 rcpt=0/1 data=0/1 rset=1 quit=1 commands=6/8
2026-11-24T10:05:41.165820+00:00 host2example2test postfix/postfix-script[1096]: stopping the Postfix mail system
2026-11-24T10:05:41.174567+00:00 host2example2test postfix/master[953]: terminating on signal 15
`;

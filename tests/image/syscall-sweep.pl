# Makes every system call of this machine once, each in a process of its own with arguments that are
# out of any range, and prints the numbers of those that were refused (EPERM), are not there (ENOSYS)
# or end whoever calls them (SIGSYS). Numbers from 0x40000000 are the same calls by the x32 way in.
use strict;
use warnings;
use POSIX ();

my ($highest, $x32, $sigsys) = (479, 0x40000000, 31);
for my $number (0 .. $highest, map { $x32 + $_ } 0 .. $highest) {
    pipe(my $reader, my $writer) or die "pipe: $!";
    my $child = fork() // die "fork: $!";
    if ($child == 0) {
        setpgrp(0, 0);
        close $reader;
        alarm 1;
        $! = 0;
        my $result = syscall($number, -1, -1, -1, -1, -1, -1);
        syswrite $writer, $result == -1 ? $! + 0 : 0;
        POSIX::_exit(0);
    }
    close $writer;
    # A call that blocks (pause) ends by the alarm, and says nothing.
    my $errno = <$reader> // '';
    waitpid $child, 0;
    my $signal = $? & 127;
    print "$number\n" if $errno =~ /^(1|38)$/ || $signal == $sigsys;
}

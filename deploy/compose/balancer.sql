-- HAProxy asks each node whether it is in the cluster (deploy/haproxy.cfg): from its own address, with no right to anything.
CREATE USER haproxy@10.89.7.10;

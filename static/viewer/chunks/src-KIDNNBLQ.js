import{$a as tt,A as bi,Aa as Bn,B as wi,C as Me,D as De,R as W,T as P,U as Ai,X as Ne,Y as L,Z as Bi,_ as _i,a as co,ba as Y,ca as H,da as nt,e as ce,f as Ee,fa as Fe,g as xi,ga as ut,ja as Re,l as bt,la as ft,ma as Si,na as wt,qa as le,r as vn,s as Tn,t as gi,u as vi,ua as Ii,v as ae,va as Pi,w as Et,wa as bn,x as Mt,xa as wn,y as Ht,ya as An,z as Ti}from"./chunk-RXAXUUX6.js";var Ei=0,Mi=1,Di=2,et=0,pt=1,_n=2;var kt=Math.pow(2,-24),yt=Symbol("SKIP_GENERATION"),Oe={strategy:0,maxDepth:40,targetLeafSize:10,useSharedArrayBuffer:!1,setBoundingBox:!0,onProgress:null,indirect:!1,verbose:!0,range:null,[yt]:!1};function O(s,t,e){return e.min.x=t[s],e.min.y=t[s+1],e.min.z=t[s+2],e.max.x=t[s+3],e.max.y=t[s+4],e.max.z=t[s+5],e}function ue(s){let t=-1,e=-1/0;for(let n=0;n<3;n++){let i=s[n+3]-s[n];i>e&&(e=i,t=n)}return t}function Sn(s,t,e){for(let n=0;n<3;n++){let i=t[s+2*n],r=t[s+2*n+1],o=i-r,l=i+r;o<e[n]&&(e[n]=o),l>e[n+3]&&(e[n+3]=l)}}function Ce(s){let t=s[3]-s[0],e=s[4]-s[1],n=s[5]-s[2];return 2*(t*e+e*n+n*t)}function R(s,t){return t[s+15]===65535}function C(s,t){return t[s+6]}function U(s,t){return t[s+14]}function z(s){return s+8}function V(s,t){let e=t[s+6];return s+e*8}function At(s,t){return t[s+7]}function Le(s,t,e,n,i){let r=1/0,o=1/0,l=1/0,c=-1/0,u=-1/0,f=-1/0,a=1/0,p=1/0,d=1/0,h=-1/0,g=-1/0,v=-1/0,T=s.offset||0;for(let m=(t-T)*6,y=(t+e-T)*6;m<y;m+=6){let x=s[m+0],b=s[m+1],S=x-b,w=x+b;S<r&&(r=S),w>c&&(c=w),x<a&&(a=x),x>h&&(h=x);let _=s[m+2],I=s[m+3],B=_-I,E=_+I;B<o&&(o=B),E>u&&(u=E),_<p&&(p=_),_>g&&(g=_);let A=s[m+4],M=s[m+5],D=A-M,N=A+M;D<l&&(l=D),N>f&&(f=N),A<d&&(d=A),A>v&&(v=A)}n[0]=r,n[1]=o,n[2]=l,n[3]=c,n[4]=u,n[5]=f,i[0]=a,i[1]=p,i[2]=d,i[3]=h,i[4]=g,i[5]=v}var mt=8,En=8,Pn=new Int32Array(mt),dt=new Float32Array(mt*6),qt=new Float32Array(mt*6),at=new Float32Array(6),ze=new Float32Array(6),Bt=new Int32Array(En),Fi=new Float32Array(En*6);function lo(s,t,e,n){for(let i=0;i<3;i++){let r=t[s+2*i],o=t[s+2*i+1],l=r-o,c=r+o;l<e[n+i]&&(e[n+i]=l),c>e[n+i+3]&&(e[n+i+3]=c)}}function Ri(s,t){let e=s[t+3]-s[t],n=s[t+4]-s[t+1],i=s[t+5]-s[t+2];return 2*(e*n+n*i+i*e)}function Oi(s,t,e,n,i,r){let o=-1,l=0;if(r===0)o=ue(t),o!==-1&&(l=(t[o]+t[o+3])/2);else if(r===1)o=ue(s),o!==-1&&(l=uo(e,n,i,o));else if(r===2){let c=Ce(s),u=1.25*i,f=e.offset||0,a=(n-f)*6,p=(n+i-f)*6;for(let d=0;d<3;d++){let h=t[d],T=(t[d+3]-h)/mt;if(i<En){for(let m=0;m<i;m++){let y=a+m*6,x=e[y+2*d],b=m;for(;b>0&&e[Bt[b-1]+2*d]>x;)Bt[b]=Bt[b-1],b--;Bt[b]=y}for(let m=0;m<3;m++)at[m]=1/0,at[m+3]=-1/0,ze[m]=1/0,ze[m+3]=-1/0;for(let m=i-1;m>=0;m--)Sn(Bt[m],e,ze),Fi.set(ze,m*6);for(let m=0;m<i-1;m++){Sn(Bt[m],e,at);let y=e[Bt[m+1]+2*d];if(e[Bt[m]+2*d]===y)continue;let x=m+1,b=i-x,S=Ce(at)/c,w=Ri(Fi,x*6)/c,_=1+1.25*(S*x+w*b);_<u&&(o=d,u=_,l=y)}}else{for(let x=0;x<mt;x++){Pn[x]=0;for(let b=0;b<3;b++)dt[x*6+b]=1/0,dt[x*6+b+3]=-1/0}for(let x=a;x<p;x+=6){let w=~~((e[x+2*d]-h)/T);w>=mt&&(w=mt-1),Pn[w]++,lo(x,e,dt,w*6)}let m=(mt-1)*6;for(let x=0;x<6;x++)qt[m+x]=dt[m+x];for(let x=mt-2;x>=0;x--){let b=x*6,S=b+6;for(let w=0;w<3;w++)qt[b+w]=Math.min(dt[b+w],qt[S+w]),qt[b+w+3]=Math.max(dt[b+w+3],qt[S+w+3])}let y=0;for(let x=0;x<mt-1;x++){let b=x*6,S=Pn[x];if(S!==0)for(let E=0;E<3;E++)y===0?(at[E]=dt[b+E],at[E+3]=dt[b+E+3]):(at[E]=Math.min(at[E],dt[b+E]),at[E+3]=Math.max(at[E+3],dt[b+E+3]));y+=S;let w=0,_=0;y!==0&&(w=Ce(at)/c);let I=i-y;I!==0&&(_=Ri(qt,b+6)/c);let B=1+1.25*(w*y+_*I);B<u&&(o=d,u=B,l=h+T+x*T)}}}}else console.warn(`BVH: Invalid build strategy value ${r} used.`);return{axis:o,pos:l}}function uo(s,t,e,n){let i=0,r=s.offset;for(let o=t,l=t+e;o<l;o++)i+=s[(o-r)*6+n*2];return i/e}function Ci(s,t,e,n,i,r){let o=n,l=n+i-1,c=r.pos,u=r.axis*2,f=e.offset||0;for(;;){for(;o<=l&&e[(o-f)*6+u]<c;)o++;for(;o<=l&&e[(l-f)*6+u]>=c;)l--;if(o<l){for(let a=0;a<t;a++){let p=s[o*t+a];s[o*t+a]=s[l*t+a],s[l*t+a]=p}for(let a=0;a<6;a++){let p=o-f,d=l-f,h=e[p*6+a];e[p*6+a]=e[d*6+a],e[d*6+a]=h}o++,l--}else return o}}var fo=Math.pow(2,32),Wt=new Float32Array(6),Ve=new Float32Array(6);function po(s,t,e,n,i,r){let{maxDepth:o,verbose:l,targetLeafSize:c,_strictLeafSize:u=1/0,strategy:f,onProgress:a,useSharedArrayBuffer:p=!1}=i,d=s.primitiveBuffer,h=s.primitiveBufferStride,g=p?SharedArrayBuffer:ArrayBuffer,v=new g(32*Math.max(1,2*Math.ceil(n)-1)),T=new Float32Array(v),m=new Uint32Array(v),y=new Uint16Array(v),x=0,b=!1;return Le(t,e,n,Wt,Ve),_(e,n,0),v.slice(0,x*32);function S(I){a&&a((I-r.offset)/r.count)}function w(I,B,E){let A=I*2;m[I+6]=B,y[A+14]=E,y[A+15]=65535,S(B+E)}function _(I,B,E){let A=x++,M=A*8;T.set(Wt,M),!b&&E>=o&&(b=!0,l&&console.warn(`BVH: Max depth of ${o} reached when generating BVH. Consider increasing maxDepth.`));let D=B>u;if(B<=c&&!D||E>=o){w(M,I,B);return}let N=Oi(Wt,Ve,t,I,B,f),k=N.axis===-1?-1:Ci(d,h,t,I,B,N);if(N.axis===-1||k===I||k===I+B){if(!D){w(M,I,B);return}N.axis=Math.max(0,ue(Wt)),k=I+Math.max(1,Math.floor(B/2))}m[M+7]=N.axis;let Tt=k-I;Le(t,I,Tt,Wt,Ve),_(I,Tt,E+1);let oe=x-A;if(oe>fo)throw new Error("MeshBVH: Cannot store relative child node offset greater than 32 bits.");m[M+6]=oe;let re=B-Tt;Le(t,k,re,Wt,Ve),_(k,re,E+1)}}function Li(s,t){let e=s.getRootRanges(t.range),n=e[0],i=e[e.length-1],r={offset:n.offset,count:i.offset+i.count-n.offset},o=new Float32Array(6*r.count);o.offset=r.offset,s.computePrimitiveBounds(r.offset,r.count,o),s._roots=e.map(l=>po(s,o,l.offset,l.count,t,r))}var st=class{constructor(t){this._getNewPrimitive=t,this._primitives=[]}getPrimitive(){let t=this._primitives;return t.length===0?this._getNewPrimitive():t.pop()}releasePrimitive(t){this._primitives.push(t)}};var Mn=class{constructor(){this.float32Array=null,this.uint16Array=null,this.uint32Array=null;let t=[],e=null;this.setBuffer=n=>{e&&t.push(e),e=n,this.float32Array=new Float32Array(n),this.uint16Array=new Uint16Array(n),this.uint32Array=new Uint32Array(n)},this.clearBuffer=()=>{e=null,this.float32Array=null,this.uint16Array=null,this.uint32Array=null,t.length!==0&&this.setBuffer(t.pop())}}},F=new Mn;var _t,Gt,Xt=[],Ue=new st(()=>new H);function zi(s,t,e,n,i,r){_t=Ue.getPrimitive(),Gt=Ue.getPrimitive(),Xt.push(_t,Gt),F.setBuffer(s._roots[t]);let o=Dn(0,s.geometry,e,n,i,r);F.clearBuffer(),Ue.releasePrimitive(_t),Ue.releasePrimitive(Gt),Xt.pop(),Xt.pop();let l=Xt.length;return l>0&&(Gt=Xt[l-1],_t=Xt[l-2]),o}function Dn(s,t,e,n,i=null,r=0,o=0){let{float32Array:l,uint16Array:c,uint32Array:u}=F,f=s*2;if(R(f,c)){let p=C(s,u),d=U(f,c);return O(s,l,_t),n(p,d,!1,o,r+s/8,_t)}else{let B=function(A){let{uint16Array:M,uint32Array:D}=F,N=A*2;for(;!R(N,M);)A=z(A),N=A*2;return C(A,D)},E=function(A){let{uint16Array:M,uint32Array:D}=F,N=A*2;for(;!R(N,M);)A=V(A,D),N=A*2;return C(A,D)+U(N,M)},p=z(s),d=V(s,u),h=p,g=d,v,T,m,y;if(i&&(m=_t,y=Gt,O(h,l,m),O(g,l,y),v=i(m),T=i(y),T<v)){h=d,g=p;let A=v;v=T,T=A,m=y}m||(m=_t,O(h,l,m));let x=R(h*2,c),b=e(m,x,v,o+1,r+h/8),S;if(b===2){let A=B(h),D=E(h)-A;S=n(A,D,!0,o+1,r+h/8,m)}else S=b&&Dn(h,t,e,n,i,r,o+1);if(S)return!0;y=Gt,O(g,l,y);let w=R(g*2,c),_=e(y,w,T,o+1,r+g/8),I;if(_===2){let A=B(g),D=E(g)-A;I=n(A,D,!0,o+1,r+g/8,y)}else I=_&&Dn(g,t,e,n,i,r,o+1);return!!I}}var fe=new F.constructor,ke=new F.constructor,St=new st(()=>new H),Yt=new H,Zt=new H,Nn=new H,Fn=new H,Rn=!1;function Vi(s,t,e,n){if(Rn)throw new Error("MeshBVH: Recursive calls to bvhcast not supported.");Rn=!0;let i=s._roots,r=t._roots,o,l=0,c=0,u=new L().copy(e).invert();for(let f=0,a=i.length;f<a;f++){fe.setBuffer(i[f]),c=0;let p=St.getPrimitive();O(0,fe.float32Array,p),p.applyMatrix4(u);for(let d=0,h=r.length;d<h&&(ke.setBuffer(r[d]),o=lt(0,0,e,u,n,l,c,0,0,p),ke.clearBuffer(),c+=r[d].byteLength/32,!o);d++);if(St.releasePrimitive(p),fe.clearBuffer(),l+=i[f].byteLength/32,o)break}return Rn=!1,o}function lt(s,t,e,n,i,r=0,o=0,l=0,c=0,u=null,f=!1){let a,p;f?(a=ke,p=fe):(a=fe,p=ke);let d=a.float32Array,h=a.uint32Array,g=a.uint16Array,v=p.float32Array,T=p.uint32Array,m=p.uint16Array,y=s*2,x=t*2,b=R(y,g),S=R(x,m),w=!1;if(S&&b)f?w=i(C(t,T),U(t*2,m),C(s,h),U(s*2,g),c,o+t/8,l,r+s/8):w=i(C(s,h),U(s*2,g),C(t,T),U(t*2,m),l,r+s/8,c,o+t/8);else if(S){let _=St.getPrimitive();O(t,v,_),_.applyMatrix4(e);let I=z(s),B=V(s,h);O(I,d,Yt),O(B,d,Zt);let E=_.intersectsBox(Yt),A=_.intersectsBox(Zt);w=E&&lt(t,I,n,e,i,o,r,c,l+1,_,!f)||A&&lt(t,B,n,e,i,o,r,c,l+1,_,!f),St.releasePrimitive(_)}else{let _=z(t),I=V(t,T);O(_,v,Nn),O(I,v,Fn);let B=u.intersectsBox(Nn),E=u.intersectsBox(Fn);if(B&&E)w=lt(s,_,e,n,i,r,o,l,c+1,u,f)||lt(s,I,e,n,i,r,o,l,c+1,u,f);else if(B)if(b)w=lt(s,_,e,n,i,r,o,l,c+1,u,f);else{let A=St.getPrimitive();A.copy(Nn).applyMatrix4(e);let M=z(s),D=V(s,h);O(M,d,Yt),O(D,d,Zt);let N=A.intersectsBox(Yt),k=A.intersectsBox(Zt);w=N&&lt(_,M,n,e,i,o,r,c,l+1,A,!f)||k&&lt(_,D,n,e,i,o,r,c,l+1,A,!f),St.releasePrimitive(A)}else if(E)if(b)w=lt(s,I,e,n,i,r,o,l,c+1,u,f);else{let A=St.getPrimitive();A.copy(Fn).applyMatrix4(e);let M=z(s),D=V(s,h);O(M,d,Yt),O(D,d,Zt);let N=A.intersectsBox(Yt),k=A.intersectsBox(Zt);w=N&&lt(I,M,n,e,i,o,r,c,l+1,A,!f)||k&&lt(I,D,n,e,i,o,r,c,l+1,A,!f),St.releasePrimitive(A)}}return w}var qe=new class{constructor(){let s=null,t=null,e=null,n=!1;this.root=null,this.buffer=null,this.uint32Array=null,this.uint16Array=null,this.setBVH=(r,o)=>{if(n)throw new Error("BVHTraversalHelper: cannot call setBVH during an active traversal.");this.root=o,this.buffer=s=r._roots[o],this.uint16Array=e=new Uint16Array(s),this.uint32Array=t=new Uint32Array(s)},this.reset=()=>{this.root=null,this.buffer=s=null,this.uint16Array=e=null,this.uint32Array=t=null},this.getRangeStart=r=>{let o=r*2;for(;!R(o,e);)r=z(r),o=r*2;return C(r,t)},this.getRangeEnd=r=>{let o=r*2;for(;!R(o,e);)r=V(r,t),o=r*2;return C(r,t)+U(o,e)};let i=(r,o,l)=>{let c=o*2,u=R(c,e);if(!r(l,u,o)&&!u){let a=z(o),p=V(o,t);i(r,a,l+1),i(r,p,l+1)}};this.traverseBuffer=r=>{if(n)throw new Error("BVHTraversalHelper: cannot start a traversal during an active traversal.");n=!0;try{i(r,0,0)}finally{n=!1}},this.traverse=r=>{this.traverseBuffer((o,l,c)=>{if(l){let u=c*2,f=t[c+6],a=e[u+14];return r(o,l,new Float32Array(s,c*4,6),f,a)}else{let u=At(c,t);return r(o,l,new Float32Array(s,c*4,6),u)}})}}};var Ui=new H,Kt=new Float32Array(6),$t=class{constructor(){this._roots=null,this.primitiveBuffer=null,this.primitiveBufferStride=null}init(t){t={...Oe,...t},"maxLeafSize"in t&&(console.warn('BVH: "maxLeafSize" option has been deprecated. Use "targetLeafSize", instead.'),t={...t,targetLeafSize:t.maxLeafSize}),Li(this,t)}getRootRanges(){throw new Error("BVH: getRootRanges() not implemented")}writePrimitiveBounds(){throw new Error("BVH: writePrimitiveBounds() not implemented")}writePrimitiveRangeBounds(t,e,n,i){let r=1/0,o=1/0,l=1/0,c=-1/0,u=-1/0,f=-1/0;for(let a=t,p=t+e;a<p;a++){this.writePrimitiveBounds(a,Kt,0);let[d,h,g,v,T,m]=Kt;d<r&&(r=d),v>c&&(c=v),h<o&&(o=h),T>u&&(u=T),g<l&&(l=g),m>f&&(f=m)}return n[i+0]=r,n[i+1]=o,n[i+2]=l,n[i+3]=c,n[i+4]=u,n[i+5]=f,n}computePrimitiveBounds(t,e,n){let i=n.offset||0;for(let r=t,o=t+e;r<o;r++){this.writePrimitiveBounds(r,Kt,0);let[l,c,u,f,a,p]=Kt,d=(l+f)/2,h=(c+a)/2,g=(u+p)/2,v=(f-l)/2,T=(a-c)/2,m=(p-u)/2,y=(r-i)*6;n[y+0]=d,n[y+1]=v+(Math.abs(d)+v)*kt,n[y+2]=h,n[y+3]=T+(Math.abs(h)+T)*kt,n[y+4]=g,n[y+5]=m+(Math.abs(g)+m)*kt}return n}shiftPrimitiveOffsets(t){let e=this._indirectBuffer;if(e)for(let n=0,i=e.length;n<i;n++)e[n]+=t;else{let n=this._roots;for(let i=0;i<n.length;i++){let r=n[i],o=new Uint32Array(r),l=new Uint16Array(r),c=r.byteLength/32;for(let u=0;u<c;u++){let f=8*u,a=2*f;R(a,l)&&(o[f+6]+=t)}}}}traverse(t,e=0){qe.setBVH(this,e),qe.traverse(t),qe.reset()}refit(){let t=this._roots;for(let e=0,n=t.length;e<n;e++){let i=t[e],r=new Uint32Array(i),o=new Uint16Array(i),l=new Float32Array(i),c=i.byteLength/32;for(let u=c-1;u>=0;u--){let f=u*8,a=f*2;if(R(a,o)){let d=C(f,r),h=U(a,o);this.writePrimitiveRangeBounds(d,h,Kt,0),l.set(Kt,f)}else{let d=z(f),h=V(f,r);for(let g=0;g<3;g++){let v=l[d+g],T=l[d+g+3],m=l[h+g],y=l[h+g+3];l[f+g]=v<m?v:m,l[f+g+3]=T>y?T:y}}}}}getBoundingBox(t){return t.makeEmpty(),this._roots.forEach(n=>{O(0,new Float32Array(n),Ui),t.union(Ui)}),t}shapecast(t){let{boundsTraverseOrder:e,intersectsBounds:n,intersectsRange:i,intersectsPrimitive:r,scratchPrimitive:o,iterate:l}=t;if(i&&r){let a=i;i=(p,d,h,g,v)=>a(p,d,h,g,v)?!0:l(p,d,this,r,h,g,o)}else i||(r?i=(a,p,d,h)=>l(a,p,this,r,d,h,o):i=(a,p,d)=>d);let c=!1,u=0,f=this._roots;for(let a=0,p=f.length;a<p;a++){let d=f[a];if(c=zi(this,a,n,i,e,u),c)break;u+=d.byteLength/32}return c}bvhcast(t,e,n){let{intersectsRanges:i}=n;return Vi(this,t,e,i)}};function We(){return typeof SharedArrayBuffer<"u"}function pe(s){return s.index?s.index.count:s.attributes.position.count}function It(s){return pe(s)/3}function On(s,t=ArrayBuffer){return s>65535?new Uint32Array(new t(4*s)):new Uint16Array(new t(2*s))}function Hi(s,t){if(!s.index){let e=s.attributes.position.count,n=t.useSharedArrayBuffer?SharedArrayBuffer:ArrayBuffer,i=On(e,n);s.setIndex(new nt(i,1));for(let r=0;r<e;r++)i[r]=r}}function mo(s,t,e){let n=pe(s)/e,i=t||s.drawRange,r=i.start/e,o=(i.start+i.count)/e,l=Math.max(0,r),c=Math.min(n,o)-l;return{offset:Math.floor(l),count:Math.floor(c)}}function ho(s,t){return s.groups.map(e=>({offset:e.start/t,count:e.count/t}))}function Cn(s,t,e){let n=mo(s,t,e),i=ho(s,e);if(!i.length)return[n];let r=[],o=n.offset,l=n.offset+n.count,c=pe(s)/e,u=[];for(let p of i){let{offset:d,count:h}=p,g=d,v=isFinite(h)?h:c-d,T=d+v;g<l&&T>o&&(u.push({pos:Math.max(o,g),isStart:!0}),u.push({pos:Math.min(l,T),isStart:!1}))}u.sort((p,d)=>p.pos!==d.pos?p.pos-d.pos:p.type==="end"?-1:1);let f=0,a=null;for(let p of u){let d=p.pos;f!==0&&d!==a&&r.push({offset:a,count:d-a}),f+=p.isStart?1:-1,a=d}return r}function yo(s,t){let e=s[s.length-1],n=e.offset+e.count>2**16,i=s.reduce((u,f)=>u+f.count,0),r=n?4:2,o=t?new SharedArrayBuffer(i*r):new ArrayBuffer(i*r),l=n?new Uint32Array(o):new Uint16Array(o),c=0;for(let u=0;u<s.length;u++){let{offset:f,count:a}=s[u];for(let p=0;p<a;p++)l[c+p]=f+p;c+=a}return l}var ht=class extends $t{get indirect(){return!!this._indirectBuffer}get primitiveStride(){return null}get primitiveBufferStride(){return this.indirect?1:this.primitiveStride}set primitiveBufferStride(t){}get primitiveBuffer(){return this.indirect?this._indirectBuffer:this.geometry.index.array}set primitiveBuffer(t){}constructor(t,e={}){if(t.isBufferGeometry){if(t.index&&t.index.isInterleavedBufferAttribute)throw new Error("BVH: InterleavedBufferAttribute is not supported for the index attribute.")}else throw new Error("BVH: Only BufferGeometries are supported.");if(e.useSharedArrayBuffer&&!We())throw new Error("BVH: SharedArrayBuffer is not available.");super(),this.geometry=t,this.resolvePrimitiveIndex=e.indirect?n=>this._indirectBuffer[n]:n=>n,this.primitiveBuffer=null,this.primitiveBufferStride=null,this._indirectBuffer=null,e={...Oe,...e},e[yt]||this.init(e)}init(t){let{geometry:e,primitiveStride:n}=this;if(t.indirect){let i=Cn(e,t.range,n),r=yo(i,t.useSharedArrayBuffer);this._indirectBuffer=r}else Hi(e,t);super.init(t),!e.boundingBox&&t.setBoundingBox&&(e.boundingBox=this.getBoundingBox(new H))}getRootRanges(t){return this.indirect?[{offset:0,count:this._indirectBuffer.length}]:Cn(this.geometry,t,this.primitiveStride)}raycastObject3D(){throw new Error("BVH: raycastObject3D() not implemented")}};var it=class{constructor(){this.min=1/0,this.max=-1/0}setFromPointsField(t,e){let n=1/0,i=-1/0;for(let r=0,o=t.length;r<o;r++){let c=t[r][e];n=c<n?c:n,i=c>i?c:i}this.min=n,this.max=i}setFromPoints(t,e){let n=1/0,i=-1/0;for(let r=0,o=e.length;r<o;r++){let l=e[r],c=t.dot(l);n=c<n?c:n,i=c>i?c:i}this.min=n,this.max=i}isSeparated(t){return this.min>t.max||t.min>this.max}};it.prototype.setFromBox=(function(){let s=new P;return function(e,n){let i=n.min,r=n.max,o=1/0,l=-1/0;for(let c=0;c<=1;c++)for(let u=0;u<=1;u++)for(let f=0;f<=1;f++){s.x=i.x*c+r.x*(1-c),s.y=i.y*u+r.y*(1-u),s.z=i.z*f+r.z*(1-f);let a=e.dot(s);o=Math.min(a,o),l=Math.max(a,l)}this.min=o,this.max=l}})();var xo=(function(){let s=new P,t=new P,e=new P;return function(i,r,o){let l=i.start,c=s,u=r.start,f=t;e.subVectors(l,u),s.subVectors(i.end,i.start),t.subVectors(r.end,r.start);let a=e.dot(f),p=f.dot(c),d=f.dot(f),h=e.dot(c),v=c.dot(c)*d-p*p,T,m;v!==0?T=(a*p-h*d)/v:T=0,m=(a+T*p)/d,o.x=T,o.y=m}})(),de=(function(){let s=new W,t=new P,e=new P;return function(i,r,o,l){xo(i,r,s);let c=s.x,u=s.y;if(c>=0&&c<=1&&u>=0&&u<=1){i.at(c,o),r.at(u,l);return}else if(c>=0&&c<=1){u<0?r.at(0,l):r.at(1,l),i.closestPointToPoint(l,!0,o);return}else if(u>=0&&u<=1){c<0?i.at(0,o):i.at(1,o),r.closestPointToPoint(o,!0,l);return}else{let f;c<0?f=i.start:f=i.end;let a;u<0?a=r.start:a=r.end;let p=t,d=e;if(i.closestPointToPoint(a,!0,t),r.closestPointToPoint(f,!0,e),p.distanceToSquared(a)<=d.distanceToSquared(f)){o.copy(p),l.copy(a);return}else{o.copy(f),l.copy(d);return}}}})(),ki=(function(){let s=new P,t=new P,e=new Re,n=new tt;return function(r,o){let{radius:l,center:c}=r,{a:u,b:f,c:a}=o;if(n.start=u,n.end=f,n.closestPointToPoint(c,!0,s).distanceTo(c)<=l||(n.start=u,n.end=a,n.closestPointToPoint(c,!0,s).distanceTo(c)<=l)||(n.start=f,n.end=a,n.closestPointToPoint(c,!0,s).distanceTo(c)<=l))return!0;let g=o.getPlane(e);if(Math.abs(g.distanceToPoint(c))<=l){let T=g.projectPoint(c,t);if(o.containsPoint(T))return!0}return!1}})();var go=["x","y","z"],xt=1e-15,qi=xt*xt;function ot(s){return Math.abs(s)<xt}var Z=class extends Y{constructor(...t){super(...t),this.isExtendedTriangle=!0,this.satAxes=new Array(4).fill().map(()=>new P),this.satBounds=new Array(4).fill().map(()=>new it),this.points=[this.a,this.b,this.c],this.plane=new Re,this.isDegenerateIntoSegment=!1,this.isDegenerateIntoPoint=!1,this.degenerateSegment=new tt,this.needsUpdate=!0}intersectsSphere(t){return ki(t,this)}update(){let t=this.a,e=this.b,n=this.c,i=this.points,r=this.satAxes,o=this.satBounds,l=r[0],c=o[0];this.getNormal(l),c.setFromPoints(l,i);let u=r[1],f=o[1];u.subVectors(t,e),f.setFromPoints(u,i);let a=r[2],p=o[2];a.subVectors(e,n),p.setFromPoints(a,i);let d=r[3],h=o[3];d.subVectors(n,t),h.setFromPoints(d,i);let g=u.length(),v=a.length(),T=d.length();this.isDegenerateIntoPoint=!1,this.isDegenerateIntoSegment=!1,g<xt?v<xt||T<xt?this.isDegenerateIntoPoint=!0:(this.isDegenerateIntoSegment=!0,this.degenerateSegment.start.copy(t),this.degenerateSegment.end.copy(n)):v<xt?T<xt?this.isDegenerateIntoPoint=!0:(this.isDegenerateIntoSegment=!0,this.degenerateSegment.start.copy(e),this.degenerateSegment.end.copy(t)):T<xt&&(this.isDegenerateIntoSegment=!0,this.degenerateSegment.start.copy(n),this.degenerateSegment.end.copy(e)),this.plane.setFromNormalAndCoplanarPoint(l,t),this.needsUpdate=!1}};Z.prototype.closestPointToSegment=(function(){let s=new P,t=new P,e=new tt;return function(i,r=null,o=null){this.needsUpdate&&this.update();let{start:l,end:c}=i,u=this.points,f,a=1/0,p=this.plane.distanceToPoint(l),d=this.plane.distanceToPoint(c);if(p*d<0&&this.plane.intersectLine(i,s)!==null&&this.containsPoint(s))return r&&r.copy(s),o&&o.copy(s),0;for(let h=0;h<3;h++){let g=(h+1)%3;e.start.copy(u[h]),e.end.copy(u[g]),de(e,i,s,t),f=s.distanceToSquared(t),f<a&&(a=f,r&&r.copy(s),o&&o.copy(t))}return this.closestPointToPoint(l,s),f=l.distanceToSquared(s),f<a&&(a=f,r&&r.copy(s),o&&o.copy(l)),this.closestPointToPoint(c,s),f=c.distanceToSquared(s),f<a&&(a=f,r&&r.copy(s),o&&o.copy(c)),Math.sqrt(a)}})();Z.prototype.intersectsTriangle=(function(){let s=new Z,t=new it,e=new it,n=new P,i=new P,r=new P,o=new P,l=new tt,c=new tt,u=new P,f=new W,a=new W;function p(y,x,b,S){let w=n;!y.isDegenerateIntoPoint&&!y.isDegenerateIntoSegment?w.copy(y.plane.normal):w.copy(x.plane.normal);let _=y.satBounds,I=y.satAxes;for(let A=1;A<4;A++){let M=_[A],D=I[A];if(t.setFromPoints(D,x.points),M.isSeparated(t)||(o.copy(w).cross(D),t.setFromPoints(o,y.points),e.setFromPoints(o,x.points),t.isSeparated(e)))return!1}let B=x.satBounds,E=x.satAxes;for(let A=1;A<4;A++){let M=B[A],D=E[A];if(t.setFromPoints(D,y.points),M.isSeparated(t)||(o.crossVectors(w,D),t.setFromPoints(o,y.points),e.setFromPoints(o,x.points),t.isSeparated(e)))return!1}return b&&(S||console.warn("ExtendedTriangle.intersectsTriangle: Triangles are coplanar which does not support an output edge. Setting edge to 0, 0, 0."),b.start.set(0,0,0),b.end.set(0,0,0)),!0}function d(y,x,b,S,w,_,I,B,E,A,M){let D=I/(I-B);A.x=S+(w-S)*D,M.start.subVectors(x,y).multiplyScalar(D).add(y),D=I/(I-E),A.y=S+(_-S)*D,M.end.subVectors(b,y).multiplyScalar(D).add(y)}function h(y,x,b,S,w,_,I,B,E,A,M){if(w>0)d(y.c,y.a,y.b,S,x,b,E,I,B,A,M);else if(_>0)d(y.b,y.a,y.c,b,x,S,B,I,E,A,M);else if(B*E>0||I!=0)d(y.a,y.b,y.c,x,b,S,I,B,E,A,M);else if(B!=0)d(y.b,y.a,y.c,b,x,S,B,I,E,A,M);else if(E!=0)d(y.c,y.a,y.b,S,x,b,E,I,B,A,M);else return!0;return!1}function g(y,x,b,S){let w=x.degenerateSegment,_=y.plane.distanceToPoint(w.start),I=y.plane.distanceToPoint(w.end);return ot(_)?ot(I)?p(y,x,b,S):(b&&(b.start.copy(w.start),b.end.copy(w.start)),y.containsPoint(w.start)):ot(I)?(b&&(b.start.copy(w.end),b.end.copy(w.end)),y.containsPoint(w.end)):y.plane.intersectLine(w,n)!=null?(b&&(b.start.copy(n),b.end.copy(n)),y.containsPoint(n)):!1}function v(y,x,b){let S=x.a;return ot(y.plane.distanceToPoint(S))&&y.containsPoint(S)?(b&&(b.start.copy(S),b.end.copy(S)),!0):!1}function T(y,x,b){let S=y.degenerateSegment,w=x.a;return S.closestPointToPoint(w,!0,n),w.distanceToSquared(n)<qi?(b&&(b.start.copy(w),b.end.copy(w)),!0):!1}function m(y,x,b,S){if(y.isDegenerateIntoSegment)if(x.isDegenerateIntoSegment){let w=y.degenerateSegment,_=x.degenerateSegment,I=i,B=r;w.delta(I),_.delta(B);let E=n.subVectors(_.start,w.start),A=I.x*B.y-I.y*B.x;if(ot(A))return!1;let M=(E.x*B.y-E.y*B.x)/A,D=-(I.x*E.y-I.y*E.x)/A;if(M<0||M>1||D<0||D>1)return!1;let N=w.start.z+I.z*M,k=_.start.z+B.z*D;return ot(N-k)?(b&&(b.start.copy(w.start).addScaledVector(I,M),b.end.copy(w.start).addScaledVector(I,M)),!0):!1}else return x.isDegenerateIntoPoint?T(y,x,b):g(x,y,b,S);else{if(y.isDegenerateIntoPoint)return x.isDegenerateIntoPoint?x.a.distanceToSquared(y.a)<qi?(b&&(b.start.copy(y.a),b.end.copy(y.a)),!0):!1:x.isDegenerateIntoSegment?T(x,y,b):v(x,y,b);if(x.isDegenerateIntoPoint)return v(y,x,b);if(x.isDegenerateIntoSegment)return g(y,x,b,S)}}return function(x,b=null,S=!1){this.needsUpdate&&this.update(),x.isExtendedTriangle?x.needsUpdate&&x.update():(s.copy(x),s.update(),x=s);let w=m(this,x,b,S);if(w!==void 0)return w;let _=this.plane,I=x.plane,B=I.distanceToPoint(this.a),E=I.distanceToPoint(this.b),A=I.distanceToPoint(this.c);ot(B)&&(B=0),ot(E)&&(E=0),ot(A)&&(A=0);let M=B*E,D=B*A;if(M>0&&D>0)return!1;let N=_.distanceToPoint(x.a),k=_.distanceToPoint(x.b),Tt=_.distanceToPoint(x.c);ot(N)&&(N=0),ot(k)&&(k=0),ot(Tt)&&(Tt=0);let oe=N*k,re=N*Tt;if(oe>0&&re>0)return!1;i.copy(_.normal),r.copy(I.normal);let hn=i.cross(r),yn=0,xn=Math.abs(hn.x),yi=Math.abs(hn.y);yi>xn&&(xn=yi,yn=1),Math.abs(hn.z)>xn&&(yn=2);let Ut=go[yn],eo=this.a[Ut],no=this.b[Ut],io=this.c[Ut],so=x.a[Ut],oo=x.b[Ut],ro=x.c[Ut];if(h(this,eo,no,io,M,D,B,E,A,f,l))return p(this,x,b,S);if(h(x,so,oo,ro,oe,re,N,k,Tt,a,c))return p(this,x,b,S);if(f.y<f.x){let gn=f.y;f.y=f.x,f.x=gn,u.copy(l.start),l.start.copy(l.end),l.end.copy(u)}if(a.y<a.x){let gn=a.y;a.y=a.x,a.x=gn,u.copy(c.start),c.start.copy(c.end),c.end.copy(u)}return f.y<a.x||a.y<f.x?!1:(b&&(a.x>f.x?b.start.copy(c.start):b.start.copy(l.start),a.y<f.y?b.end.copy(c.end):b.end.copy(l.end)),!0)}})();Z.prototype.distanceToPoint=(function(){let s=new P;return function(e){return this.closestPointToPoint(e,s),e.distanceTo(s)}})();Z.prototype.distanceToTriangle=(function(){let s=new P,t=new P,e=["a","b","c"],n=new tt,i=new tt;return function(o,l=null,c=null){let u=l||c?n:null;if(this.intersectsTriangle(o,u,!0))return(l||c)&&(l&&u.getCenter(l),c&&u.getCenter(c)),0;let f=1/0;for(let a=0;a<3;a++){let p,d=e[a],h=o[d];this.closestPointToPoint(h,s),p=h.distanceToSquared(s),p<f&&(f=p,l&&l.copy(s),c&&c.copy(h));let g=this[d];o.closestPointToPoint(g,s),p=g.distanceToSquared(s),p<f&&(f=p,l&&l.copy(g),c&&c.copy(s))}for(let a=0;a<3;a++){let p=e[a],d=e[(a+1)%3];n.set(this[p],this[d]);for(let h=0;h<3;h++){let g=e[h],v=e[(h+1)%3];i.set(o[g],o[v]),de(n,i,s,t);let T=s.distanceToSquared(t);T<f&&(f=T,l&&l.copy(s),c&&c.copy(t))}}return Math.sqrt(f)}})();var X=class{constructor(t,e,n){this.isOrientedBox=!0,this.min=new P,this.max=new P,this.matrix=new L,this.invMatrix=new L,this.points=new Array(8).fill().map(()=>new P),this.satAxes=new Array(3).fill().map(()=>new P),this.satBounds=new Array(3).fill().map(()=>new it),this.alignedSatBounds=new Array(3).fill().map(()=>new it),this.needsUpdate=!1,t&&this.min.copy(t),e&&this.max.copy(e),n&&this.matrix.copy(n)}set(t,e,n){this.min.copy(t),this.max.copy(e),this.matrix.copy(n),this.needsUpdate=!0}copy(t){this.min.copy(t.min),this.max.copy(t.max),this.matrix.copy(t.matrix),this.needsUpdate=!0}};X.prototype.update=(function(){return function(){let t=this.matrix,e=this.min,n=this.max,i=this.points;for(let u=0;u<=1;u++)for(let f=0;f<=1;f++)for(let a=0;a<=1;a++){let p=1*u|2*f|4*a,d=i[p];d.x=u?n.x:e.x,d.y=f?n.y:e.y,d.z=a?n.z:e.z,d.applyMatrix4(t)}let r=this.satBounds,o=this.satAxes,l=i[0];for(let u=0;u<3;u++){let f=o[u],a=r[u],p=1<<u,d=i[p];f.subVectors(l,d),a.setFromPoints(f,i)}let c=this.alignedSatBounds;c[0].setFromPointsField(i,"x"),c[1].setFromPointsField(i,"y"),c[2].setFromPointsField(i,"z"),this.invMatrix.copy(this.matrix).invert(),this.needsUpdate=!1}})();X.prototype.intersectsBox=(function(){let s=new it;return function(e){this.needsUpdate&&this.update();let n=e.min,i=e.max,r=this.satBounds,o=this.satAxes,l=this.alignedSatBounds;if(s.min=n.x,s.max=i.x,l[0].isSeparated(s)||(s.min=n.y,s.max=i.y,l[1].isSeparated(s))||(s.min=n.z,s.max=i.z,l[2].isSeparated(s)))return!1;for(let c=0;c<3;c++){let u=o[c],f=r[c];if(s.setFromBox(u,e),f.isSeparated(s))return!1}return!0}})();X.prototype.intersectsTriangle=(function(){let s=new Z,t=new Array(3),e=new it,n=new it,i=new P;return function(o){this.needsUpdate&&this.update(),o.isExtendedTriangle?o.needsUpdate&&o.update():(s.copy(o),s.update(),o=s);let l=this.satBounds,c=this.satAxes;t[0]=o.a,t[1]=o.b,t[2]=o.c;for(let p=0;p<3;p++){let d=l[p],h=c[p];if(e.setFromPoints(h,t),d.isSeparated(e))return!1}let u=o.satBounds,f=o.satAxes,a=this.points;for(let p=0;p<3;p++){let d=u[p],h=f[p];if(e.setFromPoints(h,a),d.isSeparated(e))return!1}for(let p=0;p<3;p++){let d=c[p];for(let h=0;h<4;h++){let g=f[h];if(i.crossVectors(d,g),e.setFromPoints(i,t),n.setFromPoints(i,a),e.isSeparated(n))return!1}}return!0}})();X.prototype.closestPointToPoint=(function(){return function(t,e){return this.needsUpdate&&this.update(),e.copy(t).applyMatrix4(this.invMatrix).clamp(this.min,this.max).applyMatrix4(this.matrix),e}})();X.prototype.distanceToPoint=(function(){let s=new P;return function(e){return this.closestPointToPoint(e,s),e.distanceTo(s)}})();X.prototype.distanceToBox=(function(){let s=["x","y","z"],t=new Array(12).fill().map(()=>new tt),e=new Array(12).fill().map(()=>new tt),n=new P,i=new P;return function(o,l=0,c=null,u=null){if(this.needsUpdate&&this.update(),this.intersectsBox(o))return(c||u)&&(o.getCenter(i),this.closestPointToPoint(i,n),o.closestPointToPoint(n,i),c&&c.copy(n),u&&u.copy(i)),0;let f=l*l,a=o.min,p=o.max,d=this.points,h=1/0;for(let v=0;v<8;v++){let T=d[v];i.copy(T).clamp(a,p);let m=T.distanceToSquared(i);if(m<h&&(h=m,c&&c.copy(T),u&&u.copy(i),m<f))return Math.sqrt(m)}let g=0;for(let v=0;v<3;v++)for(let T=0;T<=1;T++)for(let m=0;m<=1;m++){let y=(v+1)%3,x=(v+2)%3,b=T<<y|m<<x,S=1<<v|T<<y|m<<x,w=d[b],_=d[S];t[g].set(w,_);let B=s[v],E=s[y],A=s[x],M=e[g],D=M.start,N=M.end;D[B]=a[B],D[E]=T?a[E]:p[E],D[A]=m?a[A]:p[A],N[B]=p[B],N[E]=T?a[E]:p[E],N[A]=m?a[A]:p[A],g++}for(let v=0;v<=1;v++)for(let T=0;T<=1;T++)for(let m=0;m<=1;m++){i.x=v?p.x:a.x,i.y=T?p.y:a.y,i.z=m?p.z:a.z,this.closestPointToPoint(i,n);let y=i.distanceToSquared(n);if(y<h&&(h=y,c&&c.copy(n),u&&u.copy(i),y<f))return Math.sqrt(y)}for(let v=0;v<12;v++){let T=t[v];for(let m=0;m<12;m++){let y=e[m];de(T,y,n,i);let x=n.distanceToSquared(i);if(x<h&&(h=x,c&&c.copy(n),u&&u.copy(i),x<f))return Math.sqrt(x)}}return Math.sqrt(h)}})();var Ln=class extends st{constructor(){super(()=>new Z)}},Q=new Ln;var me=new P,zn=new P;function Wi(s,t,e={},n=0,i=1/0){let r=n*n,o=i*i,l=1/0,c=null;if(s.shapecast({boundsTraverseOrder:f=>(me.copy(t).clamp(f.min,f.max),me.distanceToSquared(t)),intersectsBounds:(f,a,p)=>p<l&&p<o,intersectsTriangle:(f,a)=>{f.closestPointToPoint(t,me);let p=t.distanceToSquared(me);return p<l&&(zn.copy(me),l=p,c=a),p<r}}),l===1/0)return null;let u=Math.sqrt(l);return e.point?e.point.copy(zn):e.point=zn.clone(),e.distance=u,e.faceIndex=c,e}var Xe=parseInt("187")>=169,vo=parseInt("187")<=161,Dt=new P,Nt=new P,Ft=new P,Ge=new W,Ye=new W,Ze=new W,Xi=new P,Gi=new P,Yi=new P,he=new P;function To(s,t,e,n,i,r,o,l){let c;if(r===Ee?c=s.intersectTriangle(n,e,t,!0,i):c=s.intersectTriangle(t,e,n,r!==xi,i),c===null)return null;let u=s.origin.distanceTo(i);return u<o||u>l?null:{distance:u,point:i.clone()}}function Zi(s,t,e,n,i,r,o,l,c,u,f){Dt.fromBufferAttribute(t,r),Nt.fromBufferAttribute(t,o),Ft.fromBufferAttribute(t,l);let a=To(s,Dt,Nt,Ft,he,c,u,f);if(a){if(n){Ge.fromBufferAttribute(n,r),Ye.fromBufferAttribute(n,o),Ze.fromBufferAttribute(n,l),a.uv=new W;let d=Y.getInterpolation(he,Dt,Nt,Ft,Ge,Ye,Ze,a.uv);Xe||(a.uv=d)}if(i){Ge.fromBufferAttribute(i,r),Ye.fromBufferAttribute(i,o),Ze.fromBufferAttribute(i,l),a.uv1=new W;let d=Y.getInterpolation(he,Dt,Nt,Ft,Ge,Ye,Ze,a.uv1);Xe||(a.uv1=d),vo&&(a.uv2=a.uv1)}if(e){Xi.fromBufferAttribute(e,r),Gi.fromBufferAttribute(e,o),Yi.fromBufferAttribute(e,l),a.normal=new P;let d=Y.getInterpolation(he,Dt,Nt,Ft,Xi,Gi,Yi,a.normal);a.normal.dot(s.direction)>0&&a.normal.multiplyScalar(-1),Xe||(a.normal=d)}let p={a:r,b:o,c:l,normal:new P,materialIndex:0};if(Y.getNormal(Dt,Nt,Ft,p.normal),a.face=p,a.faceIndex=r,Xe){let d=new P;Y.getBarycoord(he,Dt,Nt,Ft,d),a.barycoord=d}}return a}function Ki(s){return s&&s.isMaterial?s.side:s}function jt(s,t,e,n,i,r,o){let l=n*3,c=l+0,u=l+1,f=l+2,{index:a,groups:p}=s;s.index&&(c=a.getX(c),u=a.getX(u),f=a.getX(f));let{position:d,normal:h,uv:g,uv1:v}=s.attributes;if(Array.isArray(t)){let T=n*3;for(let m=0,y=p.length;m<y;m++){let{start:x,count:b,materialIndex:S}=p[m];if(T>=x&&T<x+b){let w=Ki(t[S]),_=Zi(e,d,h,g,v,c,u,f,w,r,o);if(_)if(_.faceIndex=n,_.face.materialIndex=S,i)i.push(_);else return _}}}else{let T=Ki(t),m=Zi(e,d,h,g,v,c,u,f,T,r,o);if(m)if(m.faceIndex=n,m.face.materialIndex=0,i)i.push(m);else return m}return null}function q(s,t,e,n){let i=s.a,r=s.b,o=s.c,l=t,c=t+1,u=t+2;e&&(l=e.getX(l),c=e.getX(c),u=e.getX(u)),i.x=n.getX(l),i.y=n.getY(l),i.z=n.getZ(l),r.x=n.getX(c),r.y=n.getY(c),r.z=n.getZ(c),o.x=n.getX(u),o.y=n.getY(u),o.z=n.getZ(u)}var ye=new P,xe=new P,ge=new P,$i=new W,ji=new W,Ji=new W;function bo(s,t,e,n){let i=t.getIndex().array,r=t.getAttribute("position"),o=t.getAttribute("uv"),l=i[e*3],c=i[e*3+1],u=i[e*3+2];ye.fromBufferAttribute(r,l),xe.fromBufferAttribute(r,c),ge.fromBufferAttribute(r,u);let f=0,a=t.groups,p=e*3;for(let g=0,v=a.length;g<v;g++){let T=a[g],{start:m,count:y}=T;if(p>=m&&p<m+y){f=T.materialIndex;break}}let d=n&&n.barycoord?n.barycoord:new P;Y.getBarycoord(s,ye,xe,ge,d);let h=null;return o&&($i.fromBufferAttribute(o,l),ji.fromBufferAttribute(o,c),Ji.fromBufferAttribute(o,u),n&&n.uv?h=n.uv:h=new W,Y.getInterpolation(s,ye,xe,ge,$i,ji,Ji,h)),n?(n.face||(n.face={}),n.face.a=l,n.face.b=c,n.face.c=u,n.face.materialIndex=f,n.face.normal||(n.face.normal=new P),Y.getNormal(ye,xe,ge,n.face.normal),h&&(n.uv=h),n.barycoord=d,n):{face:{a:l,b:c,c:u,materialIndex:f,normal:Y.getNormal(ye,xe,ge,new P)},uv:h,barycoord:d}}function Qi(s,t,e,n,i,r,o,l){let{geometry:c,_indirectBuffer:u}=s;for(let f=n,a=n+i;f<a;f++)jt(c,t,e,f,r,o,l)}function ts(s,t,e,n,i,r,o){let{geometry:l,_indirectBuffer:c}=s,u=1/0,f=null;for(let a=n,p=n+i;a<p;a++){let d;d=jt(l,t,e,a,null,r,o),d&&d.distance<u&&(f=d,u=d.distance)}return f}function es(s,t,e,n,i,r,o){let{geometry:l}=e,{index:c}=l,u=l.attributes.position;for(let f=s,a=t+s;f<a;f++){let p;if(p=f,q(o,p*3,c,u),o.needsUpdate=!0,n(o,p,i,r))return!0}return!1}function ns(s,t=null){t&&Array.isArray(t)&&(t=new Set(t));let e=s.geometry,n=e.index?e.index.array:null,i=e.attributes.position,r,o,l,c,u=0,f=s._roots;for(let p=0,d=f.length;p<d;p++)r=f[p],o=new Uint32Array(r),l=new Uint16Array(r),c=new Float32Array(r),a(0,u),u+=r.byteLength;function a(p,d,h=!1){let g=p*2;if(R(g,l)){let v=C(p,o),T=U(g,l),m=1/0,y=1/0,x=1/0,b=-1/0,S=-1/0,w=-1/0;for(let _=3*v,I=3*(v+T);_<I;_++){let B=n[_],E=i.getX(B),A=i.getY(B),M=i.getZ(B);E<m&&(m=E),E>b&&(b=E),A<y&&(y=A),A>S&&(S=A),M<x&&(x=M),M>w&&(w=M)}return c[p+0]!==m||c[p+1]!==y||c[p+2]!==x||c[p+3]!==b||c[p+4]!==S||c[p+5]!==w?(c[p+0]=m,c[p+1]=y,c[p+2]=x,c[p+3]=b,c[p+4]=S,c[p+5]=w,!0):!1}else{let v=z(p),T=V(p,o),m=h,y=!1,x=!1;if(t){if(!m){let B=v/8+d/32,E=T/8+d/32;y=t.has(B),x=t.has(E),m=!y&&!x}}else y=!0,x=!0;let b=m||y,S=m||x,w=!1;b&&(w=a(v,d,m));let _=!1;S&&(_=a(T,d,m));let I=w||_;if(I)for(let B=0;B<3;B++){let E=v+B,A=T+B,M=c[E],D=c[E+3],N=c[A],k=c[A+3];c[p+B]=M<N?M:N,c[p+B+3]=D>k?D:k}return I}}}function j(s,t,e,n,i){let r,o,l,c,u,f,a=1/e.direction.x,p=1/e.direction.y,d=1/e.direction.z,h=e.origin.x,g=e.origin.y,v=e.origin.z,T=t[s],m=t[s+3],y=t[s+1],x=t[s+3+1],b=t[s+2],S=t[s+3+2];return a>=0?(r=(T-h)*a,o=(m-h)*a):(r=(m-h)*a,o=(T-h)*a),p>=0?(l=(y-g)*p,c=(x-g)*p):(l=(x-g)*p,c=(y-g)*p),r>c||l>o||((l>r||isNaN(r))&&(r=l),(c<o||isNaN(o))&&(o=c),d>=0?(u=(b-v)*d,f=(S-v)*d):(u=(S-v)*d,f=(b-v)*d),r>f||u>o)?!1:((u>r||r!==r)&&(r=u),(f<o||o!==o)&&(o=f),r<=i&&o>=n)}function is(s,t,e,n,i,r,o,l){let{geometry:c,_indirectBuffer:u}=s;for(let f=n,a=n+i;f<a;f++){let p=u?u[f]:f;jt(c,t,e,p,r,o,l)}}function ss(s,t,e,n,i,r,o){let{geometry:l,_indirectBuffer:c}=s,u=1/0,f=null;for(let a=n,p=n+i;a<p;a++){let d;d=jt(l,t,e,c?c[a]:a,null,r,o),d&&d.distance<u&&(f=d,u=d.distance)}return f}function os(s,t,e,n,i,r,o){let{geometry:l}=e,{index:c}=l,u=l.attributes.position;for(let f=s,a=t+s;f<a;f++){let p;if(p=e.resolveTriangleIndex(f),q(o,p*3,c,u),o.needsUpdate=!0,n(o,p,i,r))return!0}return!1}function rs(s,t,e,n,i,r,o){F.setBuffer(s._roots[t]),j(0,F.float32Array,n,r,o)&&Vn(0,s,e,n,i,r,o),F.clearBuffer()}function Vn(s,t,e,n,i,r,o){let{float32Array:l,uint16Array:c,uint32Array:u}=F,f=s*2;if(R(f,c)){let p=C(s,u),d=U(f,c);Qi(t,e,n,p,d,i,r,o)}else{let p=z(s);j(p,l,n,r,o)&&Vn(p,t,e,n,i,r,o);let d=V(s,u);j(d,l,n,r,o)&&Vn(d,t,e,n,i,r,o)}}var wo=["x","y","z"];function cs(s,t,e,n,i,r){F.setBuffer(s._roots[t]);let o=null;return j(0,F.float32Array,n,i,r)&&(o=Un(0,s,e,n,i,r)),F.clearBuffer(),o}function Un(s,t,e,n,i,r){let{float32Array:o,uint16Array:l,uint32Array:c}=F,u=s*2;if(R(u,l)){let a=C(s,c),p=U(u,l);return ts(t,e,n,a,p,i,r)}else{let a=At(s,c),p=wo[a],h=n.direction[p]>=0,g,v;h?(g=z(s),v=V(s,c)):(g=V(s,c),v=z(s));let m=j(g,o,n,i,r)?Un(g,t,e,n,i,r):null;if(m){let b=m.point[p];if(h?b<=o[v+a]:b>=o[v+a+3])return m}let x=j(v,o,n,i,r)?Un(v,t,e,n,i,r):null;return m&&x?m.distance<=x.distance?m:x:m||x||null}}var Ke=new H,Jt=new Z,Qt=new Z,ve=new L,as=new X,$e=new X;function ls(s,t,e,n){F.setBuffer(s._roots[t]);let i=Hn(0,s,e,n);return F.clearBuffer(),i}function Hn(s,t,e,n,i=null){let{float32Array:r,uint16Array:o,uint32Array:l}=F,c=s*2;if(i===null&&(e.boundingBox||e.computeBoundingBox(),as.set(e.boundingBox.min,e.boundingBox.max,n),i=as),R(c,o)){let f=t.geometry,a=f.index,p=f.attributes.position,d=e.index,h=e.attributes.position,g=C(s,l),v=U(c,o);if(ve.copy(n).invert(),e.boundsTree)return O(s,r,$e),$e.matrix.copy(ve),$e.needsUpdate=!0,e.boundsTree.shapecast({intersectsBounds:m=>$e.intersectsBox(m),intersectsTriangle:m=>{m.a.applyMatrix4(n),m.b.applyMatrix4(n),m.c.applyMatrix4(n),m.needsUpdate=!0;for(let y=g*3,x=(v+g)*3;y<x;y+=3)if(q(Qt,y,a,p),Qt.needsUpdate=!0,m.intersectsTriangle(Qt))return!0;return!1}});{let T=It(e);for(let m=g*3,y=(v+g)*3;m<y;m+=3){q(Jt,m,a,p),Jt.a.applyMatrix4(ve),Jt.b.applyMatrix4(ve),Jt.c.applyMatrix4(ve),Jt.needsUpdate=!0;for(let x=0,b=T*3;x<b;x+=3)if(q(Qt,x,d,h),Qt.needsUpdate=!0,Jt.intersectsTriangle(Qt))return!0}}}else{let f=z(s),a=V(s,l);return O(f,r,Ke),!!(i.intersectsBox(Ke)&&Hn(f,t,e,n,i)||(O(a,r,Ke),i.intersectsBox(Ke)&&Hn(a,t,e,n,i)))}}var je=new L,kn=new X,Te=new X,Ao=new P,Bo=new P,_o=new P,So=new P;function us(s,t,e,n={},i={},r=0,o=1/0){t.boundingBox||t.computeBoundingBox(),kn.set(t.boundingBox.min,t.boundingBox.max,e),kn.needsUpdate=!0;let l=s.geometry,c=l.attributes.position,u=l.index,f=t.attributes.position,a=t.index,p=Q.getPrimitive(),d=Q.getPrimitive(),h=Ao,g=Bo,v=null,T=null;i&&(v=_o,T=So);let m=1/0,y=null,x=null;return je.copy(e).invert(),Te.matrix.copy(je),s.shapecast({boundsTraverseOrder:b=>kn.distanceToBox(b),intersectsBounds:(b,S,w)=>w<m&&w<o?(S&&(Te.min.copy(b.min),Te.max.copy(b.max),Te.needsUpdate=!0),!0):!1,intersectsRange:(b,S)=>{if(t.boundsTree)return t.boundsTree.shapecast({boundsTraverseOrder:_=>Te.distanceToBox(_),intersectsBounds:(_,I,B)=>B<m&&B<o,intersectsRange:(_,I)=>{for(let B=_,E=_+I;B<E;B++){q(d,3*B,a,f),d.a.applyMatrix4(e),d.b.applyMatrix4(e),d.c.applyMatrix4(e),d.needsUpdate=!0;for(let A=b,M=b+S;A<M;A++){q(p,3*A,u,c),p.needsUpdate=!0;let D=p.distanceToTriangle(d,h,v);if(D<m&&(g.copy(h),T&&T.copy(v),m=D,y=A,x=B),D<r)return!0}}}});{let w=It(t);for(let _=0,I=w;_<I;_++){q(d,3*_,a,f),d.a.applyMatrix4(e),d.b.applyMatrix4(e),d.c.applyMatrix4(e),d.needsUpdate=!0;for(let B=b,E=b+S;B<E;B++){q(p,3*B,u,c),p.needsUpdate=!0;let A=p.distanceToTriangle(d,h,v);if(A<m&&(g.copy(h),T&&T.copy(v),m=A,y=B,x=_),A<r)return!0}}}}}),Q.releasePrimitive(p),Q.releasePrimitive(d),m===1/0?null:(n.point?n.point.copy(g):n.point=g.clone(),n.distance=m,n.faceIndex=y,i&&(i.point?i.point.copy(T):i.point=T.clone(),i.point.applyMatrix4(je),g.applyMatrix4(je),i.distance=g.sub(i.point).length(),i.faceIndex=x),n)}function fs(s,t=null){t&&Array.isArray(t)&&(t=new Set(t));let e=s.geometry,n=e.index?e.index.array:null,i=e.attributes.position,r,o,l,c,u=0,f=s._roots;for(let p=0,d=f.length;p<d;p++)r=f[p],o=new Uint32Array(r),l=new Uint16Array(r),c=new Float32Array(r),a(0,u),u+=r.byteLength;function a(p,d,h=!1){let g=p*2;if(R(g,l)){let v=C(p,o),T=U(g,l),m=1/0,y=1/0,x=1/0,b=-1/0,S=-1/0,w=-1/0;for(let _=v,I=v+T;_<I;_++){let B=3*s.resolveTriangleIndex(_);for(let E=0;E<3;E++){let A=B+E;A=n?n[A]:A;let M=i.getX(A),D=i.getY(A),N=i.getZ(A);M<m&&(m=M),M>b&&(b=M),D<y&&(y=D),D>S&&(S=D),N<x&&(x=N),N>w&&(w=N)}}return c[p+0]!==m||c[p+1]!==y||c[p+2]!==x||c[p+3]!==b||c[p+4]!==S||c[p+5]!==w?(c[p+0]=m,c[p+1]=y,c[p+2]=x,c[p+3]=b,c[p+4]=S,c[p+5]=w,!0):!1}else{let v=z(p),T=V(p,o),m=h,y=!1,x=!1;if(t){if(!m){let B=v/8+d/32,E=T/8+d/32;y=t.has(B),x=t.has(E),m=!y&&!x}}else y=!0,x=!0;let b=m||y,S=m||x,w=!1;b&&(w=a(v,d,m));let _=!1;S&&(_=a(T,d,m));let I=w||_;if(I)for(let B=0;B<3;B++){let E=v+B,A=T+B,M=c[E],D=c[E+3],N=c[A],k=c[A+3];c[p+B]=M<N?M:N,c[p+B+3]=D>k?D:k}return I}}}function ps(s,t,e,n,i,r,o){F.setBuffer(s._roots[t]),j(0,F.float32Array,n,r,o)&&qn(0,s,e,n,i,r,o),F.clearBuffer()}function qn(s,t,e,n,i,r,o){let{float32Array:l,uint16Array:c,uint32Array:u}=F,f=s*2;if(R(f,c)){let p=C(s,u),d=U(f,c);is(t,e,n,p,d,i,r,o)}else{let p=z(s);j(p,l,n,r,o)&&qn(p,t,e,n,i,r,o);let d=V(s,u);j(d,l,n,r,o)&&qn(d,t,e,n,i,r,o)}}var Io=["x","y","z"];function ds(s,t,e,n,i,r){F.setBuffer(s._roots[t]);let o=null;return j(0,F.float32Array,n,i,r)&&(o=Wn(0,s,e,n,i,r)),F.clearBuffer(),o}function Wn(s,t,e,n,i,r){let{float32Array:o,uint16Array:l,uint32Array:c}=F,u=s*2;if(R(u,l)){let a=C(s,c),p=U(u,l);return ss(t,e,n,a,p,i,r)}else{let a=At(s,c),p=Io[a],h=n.direction[p]>=0,g,v;h?(g=z(s),v=V(s,c)):(g=V(s,c),v=z(s));let m=j(g,o,n,i,r)?Wn(g,t,e,n,i,r):null;if(m){let b=m.point[p];if(h?b<=o[v+a]:b>=o[v+a+3])return m}let x=j(v,o,n,i,r)?Wn(v,t,e,n,i,r):null;return m&&x?m.distance<=x.distance?m:x:m||x||null}}var Je=new H,te=new Z,ee=new Z,be=new L,ms=new X,Qe=new X;function hs(s,t,e,n){F.setBuffer(s._roots[t]);let i=Xn(0,s,e,n);return F.clearBuffer(),i}function Xn(s,t,e,n,i=null){let{float32Array:r,uint16Array:o,uint32Array:l}=F,c=s*2;if(i===null&&(e.boundingBox||e.computeBoundingBox(),ms.set(e.boundingBox.min,e.boundingBox.max,n),i=ms),R(c,o)){let f=t.geometry,a=f.index,p=f.attributes.position,d=e.index,h=e.attributes.position,g=C(s,l),v=U(c,o);if(be.copy(n).invert(),e.boundsTree)return O(s,r,Qe),Qe.matrix.copy(be),Qe.needsUpdate=!0,e.boundsTree.shapecast({intersectsBounds:m=>Qe.intersectsBox(m),intersectsTriangle:m=>{m.a.applyMatrix4(n),m.b.applyMatrix4(n),m.c.applyMatrix4(n),m.needsUpdate=!0;for(let y=g,x=v+g;y<x;y++)if(q(ee,3*t.resolveTriangleIndex(y),a,p),ee.needsUpdate=!0,m.intersectsTriangle(ee))return!0;return!1}});{let T=It(e);for(let m=g,y=v+g;m<y;m++){let x=t.resolveTriangleIndex(m);q(te,3*x,a,p),te.a.applyMatrix4(be),te.b.applyMatrix4(be),te.c.applyMatrix4(be),te.needsUpdate=!0;for(let b=0,S=T*3;b<S;b+=3)if(q(ee,b,d,h),ee.needsUpdate=!0,te.intersectsTriangle(ee))return!0}}}else{let f=z(s),a=V(s,l);return O(f,r,Je),!!(i.intersectsBox(Je)&&Xn(f,t,e,n,i)||(O(a,r,Je),i.intersectsBox(Je)&&Xn(a,t,e,n,i)))}}var tn=new L,Gn=new X,we=new X,Po=new P,Eo=new P,Mo=new P,Do=new P;function ys(s,t,e,n={},i={},r=0,o=1/0){t.boundingBox||t.computeBoundingBox(),Gn.set(t.boundingBox.min,t.boundingBox.max,e),Gn.needsUpdate=!0;let l=s.geometry,c=l.attributes.position,u=l.index,f=t.attributes.position,a=t.index,p=Q.getPrimitive(),d=Q.getPrimitive(),h=Po,g=Eo,v=null,T=null;i&&(v=Mo,T=Do);let m=1/0,y=null,x=null;return tn.copy(e).invert(),we.matrix.copy(tn),s.shapecast({boundsTraverseOrder:b=>Gn.distanceToBox(b),intersectsBounds:(b,S,w)=>w<m&&w<o?(S&&(we.min.copy(b.min),we.max.copy(b.max),we.needsUpdate=!0),!0):!1,intersectsRange:(b,S)=>{if(t.boundsTree){let w=t.boundsTree;return w.shapecast({boundsTraverseOrder:_=>we.distanceToBox(_),intersectsBounds:(_,I,B)=>B<m&&B<o,intersectsRange:(_,I)=>{for(let B=_,E=_+I;B<E;B++){let A=w.resolveTriangleIndex(B);q(d,3*A,a,f),d.a.applyMatrix4(e),d.b.applyMatrix4(e),d.c.applyMatrix4(e),d.needsUpdate=!0;for(let M=b,D=b+S;M<D;M++){let N=s.resolveTriangleIndex(M);q(p,3*N,u,c),p.needsUpdate=!0;let k=p.distanceToTriangle(d,h,v);if(k<m&&(g.copy(h),T&&T.copy(v),m=k,y=M,x=B),k<r)return!0}}}})}else{let w=It(t);for(let _=0,I=w;_<I;_++){q(d,3*_,a,f),d.a.applyMatrix4(e),d.b.applyMatrix4(e),d.c.applyMatrix4(e),d.needsUpdate=!0;for(let B=b,E=b+S;B<E;B++){let A=s.resolveTriangleIndex(B);q(p,3*A,u,c),p.needsUpdate=!0;let M=p.distanceToTriangle(d,h,v);if(M<m&&(g.copy(h),T&&T.copy(v),m=M,y=B,x=_),M<r)return!0}}}}}),Q.releasePrimitive(p),Q.releasePrimitive(d),m===1/0?null:(n.point?n.point.copy(g):n.point=g.clone(),n.distance=m,n.faceIndex=y,i&&(i.point?i.point.copy(T):i.point=T.clone(),i.point.applyMatrix4(tn),g.applyMatrix4(tn),i.distance=g.sub(i.point).length(),i.faceIndex=x),n)}function Yn(s,t,e){return s===null?null:(s.point.applyMatrix4(t.matrixWorld),s.distance=s.point.distanceTo(e.ray.origin),s.object=t,s)}var en=new X,nn=new ft,xs=new P,gs=new L,vs=new P,Zn=["getX","getY","getZ"],Pt=class s extends ht{static serialize(t,e={}){e={cloneBuffers:!0,...e};let n=t.geometry,i=t._roots,r=t._indirectBuffer,o=n.getIndex(),l={version:1,roots:null,index:null,indirectBuffer:null};return e.cloneBuffers?(l.roots=i.map(c=>c.slice()),l.index=o?o.array.slice():null,l.indirectBuffer=r?r.slice():null):(l.roots=i,l.index=o?o.array:null,l.indirectBuffer=r),l}static deserialize(t,e,n={}){n={setIndex:!0,indirect:!!t.indirectBuffer,...n};let{index:i,roots:r,indirectBuffer:o}=t;t.version||(console.warn("MeshBVH.deserialize: Serialization format has been changed and will be fixed up. It is recommended to regenerate any stored serialized data."),c(r));let l=new s(e,{...n,[yt]:!0});if(l._roots=r,l._indirectBuffer=o||null,n.setIndex){let u=e.getIndex();if(u===null){let f=new nt(t.index,1,!1);e.setIndex(f)}else u.array!==i&&(u.array.set(i),u.needsUpdate=!0)}return l;function c(u){for(let f=0;f<u.length;f++){let a=u[f],p=new Uint32Array(a),d=new Uint16Array(a);for(let h=0,g=a.byteLength/32;h<g;h++){let v=8*h,T=2*v;R(T,d)||(p[v+6]=p[v+6]/8-h)}}}}get primitiveStride(){return 3}get resolveTriangleIndex(){return this.resolvePrimitiveIndex}constructor(t,e={}){e.maxLeafTris&&(console.warn('MeshBVH: "maxLeafTris" option has been deprecated. Use "targetLeafSize", instead.'),e={...e,targetLeafSize:e.maxLeafTris}),super(t,e)}shiftTriangleOffsets(t){return super.shiftPrimitiveOffsets(t)}writePrimitiveBounds(t,e,n){let i=this.geometry,r=this._indirectBuffer,o=i.attributes.position,l=i.index?i.index.array:null,u=(r?r[t]:t)*3,f=u+0,a=u+1,p=u+2;l&&(f=l[f],a=l[a],p=l[p]);for(let d=0;d<3;d++){let h=o[Zn[d]](f),g=o[Zn[d]](a),v=o[Zn[d]](p),T=h;g<T&&(T=g),v<T&&(T=v);let m=h;g>m&&(m=g),v>m&&(m=v),e[n+d]=T,e[n+d+3]=m}return e}computePrimitiveBounds(t,e,n){let i=this.geometry,r=this._indirectBuffer,o=i.attributes.position,l=i.index?i.index.array:null,c=o.normalized;if(t<0||e+t-n.offset>n.length/6)throw new Error("MeshBVH: compute triangle bounds range is invalid.");let u=o.array,f=o.offset||0,a=3;o.isInterleavedBufferAttribute&&(a=o.data.stride);let p=["getX","getY","getZ"],d=n.offset;for(let h=t,g=t+e;h<g;h++){let T=(r?r[h]:h)*3,m=(h-d)*6,y=T+0,x=T+1,b=T+2;l&&(y=l[y],x=l[x],b=l[b]),c||(y=y*a+f,x=x*a+f,b=b*a+f);for(let S=0;S<3;S++){let w,_,I;c?(w=o[p[S]](y),_=o[p[S]](x),I=o[p[S]](b)):(w=u[y+S],_=u[x+S],I=u[b+S]);let B=w;_<B&&(B=_),I<B&&(B=I);let E=w;_>E&&(E=_),I>E&&(E=I);let A=(E-B)/2,M=S*2;n[m+M+0]=B+A,n[m+M+1]=A+(Math.abs(B)+A)*kt}}return n}raycastObject3D(t,e,n=[]){let{material:i}=t;if(i===void 0)return;gs.copy(t.matrixWorld).invert(),nn.copy(e.ray).applyMatrix4(gs),vs.setFromMatrixScale(t.matrixWorld),xs.copy(nn.direction).multiply(vs);let r=xs.length(),o=e.near/r,l=e.far/r;if(e.firstHitOnly===!0){let c=this.raycastFirst(nn,i,o,l);c=Yn(c,t,e),c&&n.push(c)}else{let c=this.raycast(nn,i,o,l);for(let u=0,f=c.length;u<f;u++){let a=Yn(c[u],t,e);a&&n.push(a)}}return n}refit(t=null){return(this.indirect?fs:ns)(this,t)}raycast(t,e=ce,n=0,i=1/0){let r=this._roots,o=[],l=this.indirect?ps:rs;for(let c=0,u=r.length;c<u;c++)l(this,c,e,t,o,n,i);return o}raycastFirst(t,e=ce,n=0,i=1/0){let r=this._roots,o=null,l=this.indirect?ds:cs;for(let c=0,u=r.length;c<u;c++){let f=l(this,c,e,t,n,i);f!=null&&(o==null||f.distance<o.distance)&&(o=f)}return o}intersectsGeometry(t,e){let n=!1,i=this._roots,r=this.indirect?hs:ls;for(let o=0,l=i.length;o<l&&(n=r(this,o,t,e),!n);o++);return n}shapecast(t){let e=Q.getPrimitive(),n=super.shapecast({...t,intersectsPrimitive:t.intersectsTriangle,scratchPrimitive:e,iterate:this.indirect?os:es});return Q.releasePrimitive(e),n}bvhcast(t,e,n){let{intersectsRanges:i,intersectsTriangles:r}=n,o=Q.getPrimitive(),l=this.geometry.index,c=this.geometry.attributes.position,u=this.indirect?h=>{let g=this.resolveTriangleIndex(h);q(o,g*3,l,c)}:h=>{q(o,h*3,l,c)},f=Q.getPrimitive(),a=t.geometry.index,p=t.geometry.attributes.position,d=t.indirect?h=>{let g=t.resolveTriangleIndex(h);q(f,g*3,a,p)}:h=>{q(f,h*3,a,p)};if(r){if(!(t instanceof s))throw new Error('MeshBVH: "intersectsTriangles" callback can only be used with another MeshBVH.');let h=(g,v,T,m,y,x,b,S)=>{for(let w=T,_=T+m;w<_;w++){d(w),f.a.applyMatrix4(e),f.b.applyMatrix4(e),f.c.applyMatrix4(e),f.needsUpdate=!0;for(let I=g,B=g+v;I<B;I++)if(u(I),o.needsUpdate=!0,r(o,f,I,w,y,x,b,S))return!0}return!1};if(i){let g=i;i=function(v,T,m,y,x,b,S,w){return g(v,T,m,y,x,b,S,w)?!0:h(v,T,m,y,x,b,S,w)}}else i=h}return super.bvhcast(t,e,{intersectsRanges:i})}intersectsBox(t,e){return en.set(t.min,t.max,e),en.needsUpdate=!0,this.shapecast({intersectsBounds:n=>en.intersectsBox(n),intersectsTriangle:n=>en.intersectsTriangle(n)})}intersectsSphere(t){return this.shapecast({intersectsBounds:e=>t.intersectsBox(e),intersectsTriangle:e=>e.intersectsSphere(t)})}closestPointToGeometry(t,e,n={},i={},r=0,o=1/0){return(this.indirect?ys:us)(this,t,e,n,i,r,o)}closestPointToPoint(t,e={},n=0,i=1/0){return Wi(this,t,e,n,i)}};var Ts=new L,ne=new ft,bs=new st(()=>new tt),Kn=new P,ws=new P,sn=new H,$n=new P,As=["getX","getY","getZ"],jn=class extends ht{get primitiveStride(){return 2}writePrimitiveBounds(t,e,n){let i=this._indirectBuffer,{geometry:r,primitiveStride:o}=this,l=r.attributes.position,c=r.index,u=c?c.count:l.count,a=(i?i[t]:t)*o,p=(a+1)%u;c&&(a=c.getX(a),p=c.getX(p));for(let d=0;d<3;d++){let h=l[As[d]](a),g=l[As[d]](p),v=h<g?h:g,T=h>g?h:g;e[n+d]=v,e[n+d+3]=T}return e}shapecast(t){let e=bs.getPrimitive(),n=super.shapecast({...t,intersectsPrimitive:t.intersectsLine,scratchPrimitive:e,iterate:No});return bs.releasePrimitive(e),n}raycastObject3D(t,e,n=[]){let{matrixWorld:i}=t,{firstHitOnly:r}=e;Ts.copy(i).invert(),ne.copy(e.ray).applyMatrix4(Ts);let l=e.params.Line.threshold/((t.scale.x+t.scale.y+t.scale.z)/3),c=l*l,u=null,f=1/0;return this.shapecast({boundsTraverseOrder:a=>a.distanceToPoint(ne.origin),intersectsBounds:a=>{if(sn.copy(a).expandByScalar(l),r){if(!ne.intersectBox(sn,$n))return 0;let p;return sn.containsPoint(ne.origin)?p=0:($n.applyMatrix4(i),p=e.ray.origin.distanceTo($n)),p<f?1:0}else return ne.intersectsBox(sn)?1:0},intersectsLine:(a,p)=>{if(ne.distanceSqToSegment(a.start,a.end,Kn,ws)>c)return;Kn.applyMatrix4(t.matrixWorld);let h=e.ray.origin.distanceTo(Kn);h<e.near||h>e.far||r&&h>=f||(f=h,p=this.resolvePrimitiveIndex(p),u={distance:h,point:ws.clone().applyMatrix4(i),index:p*this.primitiveStride,face:null,faceIndex:null,barycoord:null,object:t},r||n.push(u))}}),r&&u&&n.push(u),n}},Jn=class extends jn{get primitiveStride(){return 1}constructor(t,e={}){e={...e,indirect:!0},super(t,e)}},Bs=class extends Jn{getRootRanges(...t){let e=super.getRootRanges(...t);return e.forEach(n=>n.count--),e}};function No(s,t,e,n,i,r,o){let{geometry:l,primitiveStride:c}=e,{index:u}=l,f=l.attributes.position,a=u?u.count:f.count;for(let p=s,d=t+s;p<d;p++){let g=e.resolvePrimitiveIndex(p)*c,v=(g+1)%a;if(u&&(g=u.getX(g),v=u.getX(v)),o.start.fromBufferAttribute(f,g),o.end.fromBufferAttribute(f,v),n(o,p,i,r))return!0}return!1}var _s=new L,Ot=new ft,Ss=new st(()=>new P),on=new H,Qn=new P,Is=class extends ht{get primitiveStride(){return 1}writePrimitiveBounds(t,e,n){let i=this._indirectBuffer,{geometry:r}=this,o=r.attributes.position,l=r.index,c=i?i[t]:t;l&&(c=l.getX(c));let u=o.getX(c),f=o.getY(c),a=o.getZ(c);return e[n+0]=u,e[n+1]=f,e[n+2]=a,e[n+3]=u,e[n+4]=f,e[n+5]=a,e}shapecast(t){let e=Ss.getPrimitive(),n=super.shapecast({...t,intersectsPrimitive:t.intersectsPoint,scratchPrimitive:e,iterate:Fo});return Ss.releasePrimitive(e),n}raycastObject3D(t,e,n=[]){let{geometry:i}=this,{matrixWorld:r}=t,{firstHitOnly:o}=e;_s.copy(r).invert(),Ot.copy(e.ray).applyMatrix4(_s);let c=e.params.Points.threshold/((t.scale.x+t.scale.y+t.scale.z)/3),u=c*c,f=null,a=1/0;return this.shapecast({boundsTraverseOrder:p=>p.distanceToPoint(Ot.origin),intersectsBounds:p=>{if(on.copy(p).expandByScalar(c),o){if(!Ot.intersectBox(on,Qn))return 0;let d;return on.containsPoint(Ot.origin)?d=0:(Qn.applyMatrix4(r),d=e.ray.origin.distanceTo(Qn)),d<a?1:0}else return Ot.intersectsBox(on)?1:0},intersectsPoint:(p,d)=>{let h=Ot.distanceSqToPoint(p);if(h<u){let g=new P;Ot.closestPointToPoint(p,g),g.applyMatrix4(r);let v=e.ray.origin.distanceTo(g);if(v<e.near||v>e.far||o&&v>=a)return;a=v,d=this.resolvePrimitiveIndex(d),f={distance:v,distanceToRay:Math.sqrt(h),point:g,index:i.index?i.index.getX(d):d,face:null,faceIndex:null,barycoord:null,object:t},o||n.push(f)}}}),o&&f&&n.push(f),n}};function Fo(s,t,e,n,i,r,o){let{geometry:l}=e,{index:c}=l,u=l.attributes.position;for(let f=s,a=t+s;f<a;f++){let p=e.resolvePrimitiveIndex(f),d=c?c.array[p]:p;if(o.fromBufferAttribute(u,d),n(o,f,i,r))return!0}return!1}var rt=new ut,K=new L,Ae=new L,Ps=new H,ie=new Fe,gt=new P,Be=new ft,ct=new wt,Es={},Ms=class extends $t{constructor(t,e={}){e={precise:!1,includeInstances:!0,matrixWorld:Array.isArray(t)?new L:t.matrixWorld,targetLeafSize:1,...e},super();let n=new Set;Ns(t,n);let i=Array.from(n),r=Math.ceil(Math.log2(i.length)),o=(1<<r)-1;this.objects=i,this.idBits=r,this.idMask=o,this.primitiveBuffer=null,this.primitiveBufferStride=1,this.precise=e.precise,this.includeInstances=e.includeInstances,this.matrixWorld=e.matrixWorld,this.init(e)}getObjectFromId(t){let{idMask:e,objects:n}=this,i=ei(t,e);return n[i]}getInstanceFromId(t){let{idMask:e,idBits:n}=this;return ni(t,n,e)}init(t){let{objects:e,idBits:n,matrixWorld:i}=this;Ae.copy(i).invert(),this.primitiveBuffer=new Uint32Array(this._countPrimitives(e)),this._fillPrimitiveBuffer(e,n,this.primitiveBuffer),super.init(t)}refit(...t){Ae.copy(this.matrixWorld).invert(),super.refit(...t)}writePrimitiveBounds(t,e,n){let{primitiveBuffer:i}=this;this._getPrimitiveBoundingBox(i[t],Ae,Ps);let{min:r,max:o}=Ps;e[n+0]=r.x,e[n+1]=r.y,e[n+2]=r.z,e[n+3]=o.x,e[n+4]=o.y,e[n+5]=o.z}getRootRanges(){return[{offset:0,count:this.primitiveBuffer.length}]}shapecast(t){return super.shapecast({...t,intersectsPrimitive:t.intersectsObject,scratchPrimitive:null,iterate:Ro})}raycast(t,e=[]){let{matrixWorld:n,includeInstances:i}=this,{firstHitOnly:r}=t,o=[];Ae.copy(n).invert(),Be.copy(t.ray).applyMatrix4(Ae);let l=1/0,c=null;return this.shapecast({boundsTraverseOrder:u=>u.distanceToPoint(Be.origin),intersectsBounds:u=>{if(r){if(!Be.intersectBox(u,gt))return 0;let f;return u.containsPoint(Be.origin)?f=0:(gt.applyMatrix4(n),f=t.ray.origin.distanceTo(gt)),f<l?1:0}else return Be.intersectsBox(u)?1:0},intersectsObject(u,f){if(u.visible){if(o.length=0,u.isInstancedMesh&&i)ct.geometry=u.geometry,ct.material=u.material,u.getMatrixAt(f,ct.matrixWorld),ct.matrixWorld.premultiply(u.matrixWorld),ct.raycast(t,o),o.forEach(a=>{a.object=u,a.instanceId=f}),ct.material=null;else if(u.isBatchedMesh&&i){if(!u.getVisibleAt(f))return;let a=u.getGeometryIdAt(f),p=u.getGeometryRangeAt(a,Es);rt.index=u.geometry.index,rt.attributes=u.geometry.attributes,rt.setDrawRange(p.start,p.count),ct.geometry=rt,ct.material=u.material,u.getMatrixAt(f,ct.matrixWorld),ct.matrixWorld.premultiply(u.matrixWorld),ct.raycast(t,o),o.forEach(d=>{d.object=u,d.batchId=f}),ct.material=null,rt.index=null,rt.attributes=null,rt.setDrawRange(0,1/0)}else u.raycast(t,o);r?o.forEach(a=>{a.distance<l&&(l=a.distance,c=a)}):e.push(...o)}}}),r&&c&&e.push(c),e}_getPrimitiveBoundingBox(t,e,n){let{objects:i,idMask:r,idBits:o,precise:l,includeInstances:c}=this,u=ei(t,r),f=ni(t,o,r),a=i[u];if(!c&&(a.isInstancedMesh||a.isBatchedMesh))a.boundingBox||a.computeBoundingBox(),a.boundingSphere||a.computeBoundingSphere(),K.copy(a.matrixWorld).premultiply(e),ie.copy(a.boundingSphere).applyMatrix4(K),n.copy(a.boundingBox).applyMatrix4(K),ti(n,ie);else if(l)if(a.isInstancedMesh)a.getMatrixAt(f,K),K.premultiply(a.matrixWorld).premultiply(e),Ds(a.geometry,K,n);else if(a.isBatchedMesh){let p=a.getGeometryIdAt(f),d=a.getGeometryRangeAt(p,Es);rt.index=a.geometry.index,rt.attributes=a.geometry.attributes,rt.setDrawRange(d.start,d.count),a.getMatrixAt(f,K),K.premultiply(a.matrixWorld).premultiply(e),Ds(rt,K,n),rt.attributes=null}else K.copy(a.matrixWorld).premultiply(e),n.setFromObject(a,!0).applyMatrix4(e);else if(a.isInstancedMesh)a.geometry.boundingBox||a.geometry.computeBoundingBox(),a.geometry.boundingSphere||a.geometry.computeBoundingSphere(),a.getMatrixAt(f,K),K.premultiply(a.matrixWorld).premultiply(e),ie.copy(a.geometry.boundingSphere).applyMatrix4(K),n.copy(a.geometry.boundingBox).applyMatrix4(K),ti(n,ie);else if(a.isBatchedMesh){let p=a.getGeometryIdAt(f);a.getMatrixAt(f,K),K.premultiply(a.matrixWorld).premultiply(e),a.getBoundingSphereAt(p,ie).applyMatrix4(K),a.getBoundingBoxAt(p,n).applyMatrix4(K),ti(n,ie)}else n.setFromObject(a,!1).applyMatrix4(e)}_countPrimitives(t){let{includeInstances:e}=this,n=0;return t.forEach(i=>{if(i.isInstancedMesh&&e)n+=i.count;else if(i.isBatchedMesh&&e){if(!("instanceCount"in i))throw new Error("ObjectBVH: Three.js revision >= r169 is required to use BatchedMesh.");n+=i.instanceCount}else n++}),n}_fillPrimitiveBuffer(t,e,n){let{includeInstances:i}=this,r=0;t.forEach((o,l)=>{if(o.isInstancedMesh&&i){let c=o.count;for(let u=0;u<c;u++)n[r]=u<<e|l,r++}else if(o.isBatchedMesh&&i){let{instanceCount:c,maxInstanceCount:u}=o,f=0,a=0;for(;f<c&&a<u;){try{o.getVisibleAt(a),n[r]=a<<e|l,f++,r++}catch{}a++}}else n[r]=l,r++})}};function ei(s,t){return s&t}function ni(s,t,e){return(s&~e)>>>t}function Ns(s,t=new Set){Array.isArray(s)?s.forEach(e=>Ns(e,t)):s.traverse(e=>{(e.isMesh||e.isLine||e.isPoints)&&t.add(e)})}function Ds(s,t,e){e.makeEmpty();let n=s.drawRange,i=s.index,r=s.attributes.position,o=n.start,l=i?i.count:r.count,c=Math.min(l-o,n.count);for(let u=o,f=o+c;u<f;u++){let a=u;i&&(a=i.getX(a)),gt.fromBufferAttribute(r,a).applyMatrix4(t),e.expandByPoint(gt)}return e}function Ro(s,t,e,n,i,r){let{primitiveBuffer:o,objects:l,idMask:c,idBits:u}=e;for(let f=s,a=t+s;f<a;f++){let p=o[f],d=ei(p,c),h=ni(p,u,c),g=l[d];if(n(g,h,i,r))return!0}return!1}function ti(s,t){gt.copy(t.center).addScalar(-t.radius),s.min.max(gt),gt.copy(t.center).addScalar(t.radius),s.max.min(gt)}var Fs=new P,Rs=new P,Os=new P,vt=new ft,Cs=new L,Ct=new P,ii=new P,Oo=["x","y","z"],rn=parseInt("187")>=169,Co=parseInt("187")<=161,cn=new W,an=new W,ln=new W,Ls=new P,zs=new P,Vs=new P,Us=class extends ht{get primitiveStride(){return 3}constructor(t,e={}){if(!t.isMesh)throw new Error("SkinnedMeshBVH: First argument must be a Mesh.");super(t.geometry,{...e,[yt]:!0}),this.mesh=t,e[yt]||this.init(e)}writePrimitiveBounds(t,e,n){let{mesh:i,geometry:r}=this,o=this._indirectBuffer,l=r.index?r.index.array:null,u=(o?o[t]:t)*3,f=u+0,a=u+1,p=u+2;l&&(f=l[f],a=l[a],p=l[p]),i.getVertexPosition(f,Fs),i.getVertexPosition(a,Rs),i.getVertexPosition(p,Os);for(let d=0;d<3;d++){let h=Oo[d],g=Fs[h],v=Rs[h],T=Os[h],m=g;v<m&&(m=v),T<m&&(m=T);let y=g;v>y&&(y=v),T>y&&(y=T),e[n+d]=m,e[n+d+3]=y}return e}shapecast(t){let e=new Z;return super.shapecast({...t,intersectsPrimitive:t.intersectsTriangle,scratchPrimitive:e,iterate:Lo})}raycastObject3D(t,e,n=[]){let{material:i}=t;if(i===void 0)return;let{matrixWorld:r}=t,{firstHitOnly:o}=e;Cs.copy(r).invert(),vt.copy(e.ray).applyMatrix4(Cs);let l=null,c=1/0;return this.shapecast({boundsTraverseOrder:u=>u.distanceToPoint(vt.origin),intersectsBounds:u=>{if(o){if(!vt.intersectBox(u,ii))return 0;let f;return u.containsPoint(vt.origin)?f=0:(ii.applyMatrix4(r),f=e.ray.origin.distanceTo(ii)),f<c?1:0}else return vt.intersectsBox(u)?1:0},intersectsTriangle:(u,f)=>{let a=null;if(i.side===ce?a=vt.intersectTriangle(u.a,u.b,u.c,!0,Ct):i.side===Ee?a=vt.intersectTriangle(u.c,u.b,u.a,!0,Ct):a=vt.intersectTriangle(u.a,u.b,u.c,!1,Ct),!a)return;a=a.clone().applyMatrix4(r);let p=e.ray.origin.distanceTo(a);if(p>=e.near&&p<=e.far){if(o&&p>=c)return;let{geometry:d}=this,{index:h}=d,g=this.resolvePrimitiveIndex(f),v=g*3,T=v+0,m=v+1,y=v+2;h&&(T=h.array[T],m=h.array[m],y=h.array[y]);let x={distance:p,point:a.clone(),object:t,uv:null,uv1:null,normal:null,face:{a:T,b:m,c:y,normal:Y.getNormal(u.a,u.b,u.c,new P),materialIndex:0},faceIndex:g};if(rn){let _=new P;Y.getBarycoord(Ct,u.a,u.b,u.c,_),x.barycoord=_}let b=d.attributes.uv,S=d.attributes.uv1,w=d.attributes.normal;if(b){cn.fromBufferAttribute(b,T),an.fromBufferAttribute(b,m),ln.fromBufferAttribute(b,y),x.uv=new W;let _=Y.getInterpolation(Ct,u.a,u.b,u.c,cn,an,ln,x.uv);rn||(x.uv=_)}if(S){cn.fromBufferAttribute(S,T),an.fromBufferAttribute(S,m),ln.fromBufferAttribute(S,y),x.uv1=new W;let _=Y.getInterpolation(Ct,u.a,u.b,u.c,cn,an,ln,x.uv1);rn||(x.uv1=_),Co&&(x.uv2=x.uv1)}if(w){Ls.fromBufferAttribute(w,T),zs.fromBufferAttribute(w,m),Vs.fromBufferAttribute(w,y),x.normal=new P;let _=Y.getInterpolation(Ct,u.a,u.b,u.c,Ls,zs,Vs,x.normal);x.normal.dot(vt.direction)>0&&x.normal.multiplyScalar(-1),rn||(x.normal=_)}c=x.distance,l=x,o||n.push(x)}}}),o&&l&&n.push(l),n}};function Lo(s,t,e,n,i,r,o){let{mesh:l,geometry:c}=e,u=c.index?c.index.array:null;for(let f=s,a=t+s;f<a;f++){let p=e.resolvePrimitiveIndex(f),d=3*p+0,h=3*p+1,g=3*p+2;if(u&&(d=u[d],h=u[h],g=u[g]),l.getVertexPosition(d,o.a),l.getVertexPosition(h,o.b),l.getVertexPosition(g,o.c),o.needsUpdate=!0,n(o,f,i,r))return!0}return!1}var Hs=new H,ks=new L,si=new P,oi=class extends Bi{get isMesh(){return!this.displayEdges}get isLineSegments(){return this.displayEdges}get isLine(){return this.displayEdges}getVertexPosition(...t){return wt.prototype.getVertexPosition.call(this,...t)}constructor(t,e,n=10,i=0){super(),this.material=e,this.geometry=new ut,this.name="BVHRootHelper",this.depth=n,this.displayParents=!1,this.bvh=t,this.displayEdges=!0,this._group=i}raycast(){}intersectsFrustum(t){return t.intersectsObject(this)}update(){let t=this.bvh;this.geometry.dispose(),this.visible=!1,t&&(this.geometry=this.getGeometry(t),this.visible=!0)}getGeometry(t){let e=this._group,n=null;if(e!==-1)n=this.getBVHBoundPositions(t,e);else{let o=t._roots.map((u,f)=>this.getBVHBoundPositions(t,f)),l=o.reduce((u,f)=>u+f.length,0);n=new Float32Array(l);let c=0;o.forEach(u=>{n.set(u,c),c+=u.length})}let i=this.getBVHBoundIndices(n),r=new ut;return r.setIndex(new nt(i,1,!1)),r.setAttribute("position",new nt(n,3,!1)),r}getBVHBoundIndices(t){let e=t.length/24,n,i;this.displayEdges?i=new Uint8Array([0,4,1,5,2,6,3,7,0,2,1,3,4,6,5,7,0,1,2,3,4,5,6,7]):i=new Uint8Array([0,1,2,2,1,3,4,6,5,6,7,5,1,4,5,0,4,1,2,3,6,3,7,6,0,2,4,2,6,4,1,5,3,3,5,7]),t.length>65535?n=new Uint32Array(i.length*e):n=new Uint16Array(i.length*e);let r=i.length;for(let o=0;o<e;o++){let l=o*8,c=o*r;for(let u=0;u<r;u++)n[c+u]=l+i[u]}return n}getBVHBoundPositions(t,e=0,n=null){let i=this.depth-1,r=this.displayParents,o=0;t.traverse((u,f)=>{if(u>=i||f)return o++,!0;r&&o++},e);let l=0,c=new Float32Array(24*o);return t.traverse((u,f,a)=>{let p=u>=i||f;if(p||r){O(0,a,Hs);let{min:d,max:h}=Hs;for(let g=-1;g<=1;g+=2){let v=g<0?d.x:h.x;for(let T=-1;T<=1;T+=2){let m=T<0?d.y:h.y;for(let y=-1;y<=1;y+=2){let x=y<0?d.z:h.z;si.set(v,m,x),n&&si.applyMatrix4(n),si.toArray(c,l),l+=3}}}return p}},e),c}},ri=class s extends _i{get color(){return this.edgeMaterial.color}get opacity(){return this.edgeMaterial.opacity}set opacity(t){this.edgeMaterial.opacity=t,this.meshMaterial.opacity=t}get objectIndex(){return console.warn('BVHHelper: "objectIndex" has been renamed "instanceId".'),this.instanceId}set objectIndex(t){console.warn('BVHHelper: "objectIndex" has been renamed "instanceId".'),this.instanceId=t}constructor(t=null,e=null,n=10){t instanceof Pt&&(n=e||10,e=t,t=null),typeof e=="number"&&(n=e,e=null),super(),this.name="BVHHelper",this.depth=n,this.mesh=t,this.bvh=e,this.displayParents=!1,this.displayEdges=!0,this.instanceId=0,this._roots=[];let i=new Pi({color:65416,transparent:!0,opacity:.3,depthWrite:!1}),r=new Si({color:65416,transparent:!0,opacity:.3,depthWrite:!1});r.color=i.color,this.edgeMaterial=i,this.meshMaterial=r,this.update()}update(){let t=this.mesh,e=this.instanceId,n=this.bvh||t.boundsTree||t.geometry&&t.geometry.boundsTree||null;if(t&&t.isBatchedMesh&&t.boundsTrees&&!n&&e>=0){let r=t._drawInfo[e];r&&(n=t.boundsTrees[r.geometryIndex]||n)}let i=n?n._roots.length:0;for(;this._roots.length>i;){let r=this._roots.pop();r.geometry.dispose(),this.remove(r)}for(let r=0;r<i;r++){let{depth:o,edgeMaterial:l,meshMaterial:c,displayParents:u,displayEdges:f}=this;if(r>=this._roots.length){let p=new oi(n,l,o,r);this.add(p),this._roots.push(p)}let a=this._roots[r];a.bvh=n,a.depth=o,a.displayParents=u,a.displayEdges=f,a.material=f?l:c,a.update()}}updateMatrixWorld(...t){let e=this.mesh,n=this.parent,i=this.instanceId;e!==null&&(e.updateWorldMatrix(!0,!1),n?this.matrix.copy(n.matrixWorld).invert().multiply(e.matrixWorld):this.matrix.copy(e.matrixWorld),(e.isInstancedMesh||e.isBatchedMesh)&&i>=0&&(e.getMatrixAt(i,ks),this.matrix.multiply(ks)),this.matrix.decompose(this.position,this.quaternion,this.scale)),super.updateMatrixWorld(...t)}copy(t){this.depth=t.depth,this.mesh=t.mesh,this.bvh=t.bvh,this.opacity=t.opacity,this.color.copy(t.color)}clone(){return new s().copy(this)}dispose(){this.edgeMaterial.dispose(),this.meshMaterial.dispose();let t=this.children;for(let e=0,n=t.length;e<n;e++)t[e].geometry.dispose()}},qs=class extends ri{constructor(...t){console.warn("MeshBVHHelper: Class has been deprecated. Use BVHHelper instead."),super(...t)}};var ci=new H,_e=new H;function Ws(s){switch(typeof s){case"number":return 8;case"string":return s.length*2;case"boolean":return 4;default:return 0}}function zo(s){return/(Uint|Int|Float)(8|16|32)Array/.test(s.constructor.name)}function Vo(s,t){let e={nodeCount:0,leafNodeCount:0,depth:{min:1/0,max:-1/0},primitives:{min:1/0,max:-1/0},splits:[0,0,0],surfaceAreaScore:0};return s.traverse((n,i,r,o,l)=>{let c=r[3]-r[0],u=r[4]-r[1],f=r[5]-r[2],a=2*(c*u+u*f+f*c);e.nodeCount++,i?(e.leafNodeCount++,e.depth.min=Math.min(n,e.depth.min),e.depth.max=Math.max(n,e.depth.max),e.primitives.min=Math.min(l,e.primitives.min),e.primitives.max=Math.max(l,e.primitives.max),e.surfaceAreaScore+=a*1.25*l):(e.splits[o]++,e.surfaceAreaScore+=a*1)},t),e.primitives.min===1/0&&(e.primitives.min=0,e.primitives.max=0),e.depth.min===1/0&&(e.depth.min=0,e.depth.max=0),e}function Uo(s){return s._roots.map((t,e)=>Vo(s,e))}function Ho(s){let t=new Set,e=[s],n=0;for(;e.length;){let i=e.pop();if(!t.has(i)){t.add(i);for(let r in i){if(!Object.hasOwn(i,r))continue;n+=Ws(r);let o=i[r];o&&(typeof o=="object"||typeof o=="function")?zo(o)||We()&&o instanceof SharedArrayBuffer||o instanceof ArrayBuffer?n+=o.byteLength:e.push(o):n+=Ws(o)}}}return n}function ko(s){let t=[],e=new Float32Array(6),n=!0;return s.traverse((i,r,o,l,c)=>{let u={depth:i,isLeaf:r,boundingData:o,offset:l,count:c};t[i]=u,O(0,o,ci);let f=t[i-1];if(r){s.writePrimitiveRangeBounds(l,c,e,0),_e.min.set(e[0],e[1],e[2]),_e.max.set(e[3],e[4],e[5]);let a=ci.containsBox(_e);console.assert(a,"Leaf bounds does not fully contain primitives."),n=n&&a}if(f){O(0,f.boundingData,_e);let a=_e.containsBox(ci);console.assert(a,"Parent bounds does not fully contain child."),n=n&&a}}),n}function qo(s){let t=[];return s.traverse((e,n,i,r,o)=>{let l={bounds:O(0,i,new H)};n?(l.count=o,l.offset=r):(l.left=null,l.right=null),t[e]=l;let c=t[e-1];c&&(c.left===null?c.left=l:c.right=l)}),t[0]}var Wo=parseInt("187")>=166,se={Mesh:wt.prototype.raycast,Line:bn.prototype.raycast,LineSegments:wn.prototype.raycast,LineLoop:An.prototype.raycast,Points:Bn.prototype.raycast,BatchedMesh:Ii.prototype.raycast},$=new wt,un=[];function gl(s,t){if(this.isBatchedMesh)Xo.call(this,s,t);else{let{geometry:e}=this;if(e.boundsTree)e.boundsTree.raycastObject3D(this,s,t);else{let n;if(this instanceof wt)n=se.Mesh;else if(this instanceof wn)n=se.LineSegments;else if(this instanceof An)n=se.LineLoop;else if(this instanceof bn)n=se.Line;else if(this instanceof Bn)n=se.Points;else throw new Error("BVH: Fallback raycast function not found.");n.call(this,s,t)}}}function Xo(s,t){if(this.boundsTrees){let e=this.boundsTrees,n=this._drawInfo||this._instanceInfo,i=this._drawRanges||this._geometryInfo,r=this.matrixWorld;$.material=this.material,$.geometry=this.geometry;let o=$.geometry.boundsTree,l=$.geometry.drawRange;$.geometry.boundingSphere===null&&($.geometry.boundingSphere=new Fe);for(let c=0,u=n.length;c<u;c++){if(!this.getVisibleAt(c))continue;let f=n[c].geometryIndex;if($.geometry.boundsTree=e[f],this.getMatrixAt(c,$.matrixWorld).premultiply(r),!$.geometry.boundsTree){this.getBoundingBoxAt(f,$.geometry.boundingBox),this.getBoundingSphereAt(f,$.geometry.boundingSphere);let a=i[f];$.geometry.setDrawRange(a.start,a.count)}$.raycast(s,un);for(let a=0,p=un.length;a<p;a++){let d=un[a];d.object=this,d.batchId=c,t.push(d)}un.length=0}$.geometry.boundsTree=o,$.geometry.drawRange=l,$.material=null,$.geometry=null}else se.BatchedMesh.call(this,s,t)}function vl(s={}){let{type:t=Pt}=s;return this.boundsTree=new t(this,s),this.boundsTree}function Tl(){this.boundsTree=null}function bl(s=-1,t={}){if(!Wo)throw new Error("BatchedMesh: Three r166+ is required to compute bounds trees.");t={...t,range:null};let e=this._drawRanges||this._geometryInfo,n=this._geometryCount;this.boundsTrees||(this.boundsTrees=new Array(n).fill(null));let i=this.boundsTrees;for(;i.length<n;)i.push(null);if(s<0){for(let r=0;r<n;r++)t.range=e[r],i[r]=new Pt(this.geometry,t);return i}else return s<e.length&&(t.range=e[s],i[s]=new Pt(this.geometry,t)),i[s]||null}function wl(s=-1){s<0?this.boundsTrees.fill(null):s<this.boundsTrees.length&&(this.boundsTrees[s]=null)}function Go(s){switch(s){case 1:return"R";case 2:return"RG";case 3:return"RGBA";case 4:return"RGBA"}throw new Error}function Yo(s){switch(s){case 1:return Ti;case 2:return wi;case 3:return Ht;case 4:return Ht}}function Xs(s){switch(s){case 1:return bi;case 2:return Me;case 3:return De;case 4:return De}}var Se=class extends le{constructor(){super(),this.minFilter=bt,this.magFilter=bt,this.generateMipmaps=!1,this.overrideItemSize=null,this._forcedType=null}updateFrom(t){let e=this.overrideItemSize,n=t.itemSize,i=t.count;if(e!==null){if(n*i%e!==0)throw new Error("VertexAttributeTexture: overrideItemSize must divide evenly into buffer length.");t.itemSize=e,t.count=i*n/e}let r=t.itemSize,o=t.count,l=t.normalized,c=t.array.constructor,u=c.BYTES_PER_ELEMENT,f=this._forcedType,a=r;if(f===null)switch(c){case Float32Array:f=Mt;break;case Uint8Array:case Uint16Array:case Uint32Array:f=Et;break;case Int8Array:case Int16Array:case Int32Array:f=ae;break}let p,d,h,g,v=Go(r);switch(f){case Mt:h=1,d=Yo(r),l&&u===1?(g=c,v+="8",c===Uint8Array?p=vn:(p=Tn,v+="_SNORM")):(g=Float32Array,v+="32F",p=Mt);break;case ae:v+=u*8+"I",h=l?Math.pow(2,c.BYTES_PER_ELEMENT*8-1):1,d=Xs(r),u===1?(g=Int8Array,p=Tn):u===2?(g=Int16Array,p=gi):(g=Int32Array,p=ae);break;case Et:v+=u*8+"UI",h=l?Math.pow(2,c.BYTES_PER_ELEMENT*8-1):1,d=Xs(r),u===1?(g=Uint8Array,p=vn):u===2?(g=Uint16Array,p=vi):(g=Uint32Array,p=Et);break}a===3&&(d===Ht||d===De)&&(a=4);let T=Math.ceil(Math.sqrt(o))||1,m=a*T*T,y=new g(m),x=t.normalized;t.normalized=!1;for(let b=0;b<o;b++){let S=a*b;y[S]=t.getX(b)/h,r>=2&&(y[S+1]=t.getY(b)/h),r>=3&&(y[S+2]=t.getZ(b)/h,a===4&&(y[S+3]=1)),r>=4&&(y[S+3]=t.getW(b)/h)}t.normalized=x,this.internalFormat=v,this.format=d,this.type=p,this.image.width=T,this.image.height=T,this.image.data=y,this.needsUpdate=!0,this.dispose(),t.itemSize=n,t.count=i}},fn=class extends Se{constructor(){super(),this._forcedType=Et}},Gs=class extends Se{constructor(){super(),this._forcedType=ae}},pn=class extends Se{constructor(){super(),this._forcedType=Mt}};var Ys=class{constructor(){this.index=new fn,this.position=new pn,this.bvhBounds=new le,this.bvhContents=new le,this._cachedIndexAttr=null,this.index.overrideItemSize=3}updateFrom(t){let{geometry:e}=t;if(Ko(t,this.bvhBounds,this.bvhContents),this.position.updateFrom(e.attributes.position),t.indirect){let n=t._indirectBuffer;if(this._cachedIndexAttr===null||this._cachedIndexAttr.count!==n.length)if(e.index)this._cachedIndexAttr=e.index.clone();else{let i=On(pe(e));this._cachedIndexAttr=new nt(i,1,!1)}Zo(e,n,this._cachedIndexAttr),this.index.updateFrom(this._cachedIndexAttr)}else this.index.updateFrom(e.index)}dispose(){let{index:t,position:e,bvhBounds:n,bvhContents:i}=this;t&&t.dispose(),e&&e.dispose(),n&&n.dispose(),i&&i.dispose()}};function Zo(s,t,e){let n=e.array,i=s.index?s.index.array:null;for(let r=0,o=t.length;r<o;r++){let l=3*r,c=3*t[r];for(let u=0;u<3;u++)n[l+u]=i?i[c+u]:c+u}}function Ko(s,t,e){let n=s._roots;if(n.length!==1)throw new Error("MeshBVHUniformStruct: Multi-root BVHs not supported.");let i=n[0],r=new Uint16Array(i),o=new Uint32Array(i),l=new Float32Array(i),c=i.byteLength/32,u=2*Math.ceil(Math.sqrt(c/2)),f=new Float32Array(4*u*u),a=Math.ceil(Math.sqrt(c)),p=new Uint32Array(2*a*a);for(let d=0;d<c;d++){let h=d*32/4,g=h*2,v=h;for(let T=0;T<3;T++)f[8*d+0+T]=l[v+0+T],f[8*d+4+T]=l[v+3+T];if(R(g,r)){let T=U(g,r),m=C(h,o),y=-65536|T;p[d*2+0]=y,p[d*2+1]=m}else{let T=o[h+6],m=At(h,o);p[d*2+0]=m,p[d*2+1]=T}}t.image.data=f,t.image.width=u,t.image.height=u,t.format=Ht,t.type=Mt,t.internalFormat="RGBA32F",t.minFilter=bt,t.magFilter=bt,t.generateMipmaps=!1,t.needsUpdate=!0,t.dispose(),e.image.data=p,e.image.width=a,e.image.height=a,e.format=Me,e.type=Et,e.internalFormat="RG32UI",e.minFilter=bt,e.magFilter=bt,e.generateMipmaps=!1,e.needsUpdate=!0,e.dispose()}var Lt=new P,zt=new P,Vt=new P,Zs=new Ne,dn=new P,ai=new P,Ks=new Ne,$s=new Ne,mn=new L,js=new L;function Ie(s,t){if(!s&&!t)return;let e=s.count===t.count,n=s.normalized===t.normalized,i=s.array.constructor===t.array.constructor,r=s.itemSize===t.itemSize;if(!e||!n||!i||!r)throw new Error}function Pe(s,t=null){let e=s.array.constructor,n=s.normalized,i=s.itemSize,r=t===null?s.count:t;return new nt(new e(i*r),i,n)}function to(s,t,e=0){if(s.isInterleavedBufferAttribute){let n=s.itemSize;for(let i=0,r=s.count;i<r;i++){let o=i+e;t.setX(o,s.getX(i)),n>=2&&t.setY(o,s.getY(i)),n>=3&&t.setZ(o,s.getZ(i)),n>=4&&t.setW(o,s.getW(i))}}else{let n=t.array,i=n.constructor,r=n.BYTES_PER_ELEMENT*s.itemSize*e;new i(n.buffer,r,s.array.length).set(s.array)}}function $o(s,t,e){let n=s.elements,i=t.elements;for(let r=0,o=i.length;r<o;r++)n[r]+=i[r]*e}function Js(s,t,e){let n=s.skeleton,i=s.geometry,r=n.bones,o=n.boneInverses;Ks.fromBufferAttribute(i.attributes.skinIndex,t),$s.fromBufferAttribute(i.attributes.skinWeight,t),mn.elements.fill(0);for(let l=0;l<4;l++){let c=$s.getComponent(l);if(c!==0){let u=Ks.getComponent(l);js.multiplyMatrices(r[u].matrixWorld,o[u]),$o(mn,js,c)}}return mn.multiply(s.bindMatrix).premultiply(s.bindMatrixInverse),e.transformDirection(mn),e}function li(s,t,e,n,i){dn.set(0,0,0);for(let r=0,o=s.length;r<o;r++){let l=t[r],c=s[r];l!==0&&(ai.fromBufferAttribute(c,n),e?dn.addScaledVector(ai,l):dn.addScaledVector(ai.sub(i),l))}i.add(dn)}function jo(s,t={useGroups:!1,updateIndex:!1,skipAttributes:[]},e=new ut){let n=s[0].index!==null,{useGroups:i=!1,updateIndex:r=!1,skipAttributes:o=[]}=t,l=new Set(Object.keys(s[0].attributes)),c={},u=0;e.clearGroups();for(let f=0;f<s.length;++f){let a=s[f],p=0;if(n!==(a.index!==null))throw new Error("StaticGeometryGenerator: All geometries must have compatible attributes; make sure index attribute exists among all geometries, or in none of them.");for(let d in a.attributes){if(!l.has(d))throw new Error('StaticGeometryGenerator: All geometries must have compatible attributes; make sure "'+d+'" attribute exists among all geometries, or in none of them.');c[d]===void 0&&(c[d]=[]),c[d].push(a.attributes[d]),p++}if(p!==l.size)throw new Error("StaticGeometryGenerator: Make sure all geometries have the same number of attributes.");if(i){let d;if(n)d=a.index.count;else if(a.attributes.position!==void 0)d=a.attributes.position.count;else throw new Error("StaticGeometryGenerator: The geometry must have either an index or a position attribute");e.addGroup(u,d,f),u+=d}}if(n){let f=!1;if(!e.index){let a=0;for(let p=0;p<s.length;++p)a+=s[p].index.count;e.setIndex(new nt(new Uint32Array(a),1,!1)),f=!0}if(r||f){let a=e.index,p=0,d=0;for(let h=0;h<s.length;++h){let g=s[h],v=g.index;if(o[h]!==!0)for(let T=0;T<v.count;++T)a.setX(p,v.getX(T)+d),p++;d+=g.attributes.position.count}}}for(let f in c){let a=c[f];if(!(f in e.attributes)){let h=0;for(let g in a)h+=a[g].count;e.setAttribute(f,Pe(c[f][0],h))}let p=e.attributes[f],d=0;for(let h=0,g=a.length;h<g;h++){let v=a[h];o[h]!==!0&&to(v,p,d),d+=v.count}}return e}function Jo(s,t){if(s===null||t===null)return s===t;if(s.length!==t.length)return!1;for(let e=0,n=s.length;e<n;e++)if(s[e]!==t[e])return!1;return!0}function Qo(s){let{index:t,attributes:e}=s;if(t)for(let n=0,i=t.count;n<i;n+=3){let r=t.getX(n),o=t.getX(n+2);t.setX(n,o),t.setX(n+2,r)}else for(let n in e){let i=e[n],r=i.itemSize;for(let o=0,l=i.count;o<l;o+=3)for(let c=0;c<r;c++){let u=i.getComponent(o,c),f=i.getComponent(o+2,c);i.setComponent(o,c,f),i.setComponent(o+2,c,u)}}return s}var ui=class{constructor(t){this.matrixWorld=new L,this.geometryHash=null,this.boneMatrices=null,this.primitiveCount=-1,this.mesh=t,this.update()}update(){let t=this.mesh,e=t.geometry,n=t.skeleton,i=(e.index?e.index.count:e.attributes.position.count)/3;if(this.matrixWorld.copy(t.matrixWorld),this.geometryHash=e.attributes.position.version,this.primitiveCount=i,n){n.boneTexture||n.computeBoneTexture(),n.update();let r=n.boneMatrices;!this.boneMatrices||this.boneMatrices.length!==r.length?this.boneMatrices=r.slice():this.boneMatrices.set(r)}else this.boneMatrices=null}didChange(){let t=this.mesh,e=t.geometry,n=(e.index?e.index.count:e.attributes.position.count)/3;return!(this.matrixWorld.equals(t.matrixWorld)&&this.geometryHash===e.attributes.position.version&&Jo(t.skeleton&&t.skeleton.boneMatrices||null,this.boneMatrices)&&this.primitiveCount===n)}},Qs=class{constructor(t){Array.isArray(t)||(t=[t]);let e=[];t.forEach(n=>{n.traverseVisible(i=>{i.isMesh&&e.push(i)})}),this.meshes=e,this.useGroups=!0,this.applyWorldTransforms=!0,this.attributes=["position","normal","color","tangent","uv","uv2"],this._intermediateGeometry=new Array(e.length).fill().map(()=>new ut),this._diffMap=new WeakMap}getMaterials(){let t=[];return this.meshes.forEach(e=>{Array.isArray(e.material)?t.push(...e.material):t.push(e.material)}),t}generate(t=new ut){let e=[],{meshes:n,useGroups:i,_intermediateGeometry:r,_diffMap:o}=this;for(let l=0,c=n.length;l<c;l++){let u=n[l],f=r[l],a=o.get(u);!a||a.didChange(u)?(this._convertToStaticGeometry(u,f),e.push(!1),a?a.update():o.set(u,new ui(u))):e.push(!0)}if(r.length===0){t.setIndex(null);let l=t.attributes;for(let c in l)t.deleteAttribute(c);for(let c in this.attributes)t.setAttribute(this.attributes[c],new nt(new Float32Array(0),4,!1))}else jo(r,{useGroups:i,skipAttributes:e},t);for(let l in t.attributes)t.attributes[l].needsUpdate=!0;return t}_convertToStaticGeometry(t,e=new ut){let n=t.geometry,i=this.applyWorldTransforms,r=this.attributes.includes("normal"),o=this.attributes.includes("tangent"),l=n.attributes,c=e.attributes;!e.index&&n.index&&(e.index=n.index.clone()),c.position||e.setAttribute("position",Pe(l.position)),r&&!c.normal&&l.normal&&e.setAttribute("normal",Pe(l.normal)),o&&!c.tangent&&l.tangent&&e.setAttribute("tangent",Pe(l.tangent)),Ie(n.index,e.index),Ie(l.position,c.position),r&&Ie(l.normal,c.normal),o&&Ie(l.tangent,c.tangent);let u=l.position,f=r?l.normal:null,a=o?l.tangent:null,p=n.morphAttributes.position,d=n.morphAttributes.normal,h=n.morphAttributes.tangent,g=n.morphTargetsRelative,v=t.morphTargetInfluences,T=new Ai;T.getNormalMatrix(t.matrixWorld),n.index&&e.index.array.set(n.index.array);for(let m=0,y=l.position.count;m<y;m++)Lt.fromBufferAttribute(u,m),f&&zt.fromBufferAttribute(f,m),a&&(Zs.fromBufferAttribute(a,m),Vt.fromBufferAttribute(a,m)),v&&(p&&li(p,v,g,m,Lt),d&&li(d,v,g,m,zt),h&&li(h,v,g,m,Vt)),t.isSkinnedMesh&&(t.applyBoneTransform(m,Lt),f&&Js(t,m,zt),a&&Js(t,m,Vt)),i&&Lt.applyMatrix4(t.matrixWorld),c.position.setXYZ(m,Lt.x,Lt.y,Lt.z),f&&(i&&zt.applyNormalMatrix(T),c.normal.setXYZ(m,zt.x,zt.y,zt.z)),a&&(i&&Vt.transformDirection(t.matrixWorld),c.tangent.setXYZW(m,Vt.x,Vt.y,Vt.z,Zs.w));for(let m in this.attributes){let y=this.attributes[m];y==="position"||y==="tangent"||y==="normal"||!(y in l)||(c[y]||e.setAttribute(y,Pe(l[y])),Ie(l[y],c[y]),to(l[y],c[y]))}return t.matrixWorld.determinant()<0&&Qo(e),e}};var hi={};co(hi,{bvh_distance_functions:()=>pi,bvh_ray_functions:()=>di,bvh_struct_definitions:()=>mi,common_functions:()=>fi});var fi=`

// A stack of uint32 indices can can store the indices for
// a perfectly balanced tree with a depth up to 31. Lower stack
// depth gets higher performance.
//
// However not all trees are balanced. Best value to set this to
// is the trees max depth.
#ifndef BVH_STACK_DEPTH
#define BVH_STACK_DEPTH 60
#endif

#ifndef INFINITY
#define INFINITY 1e20
#endif

// Utilities
uvec4 uTexelFetch1D( usampler2D tex, uint index ) {

	uint width = uint( textureSize( tex, 0 ).x );
	uvec2 uv;
	uv.x = index % width;
	uv.y = index / width;

	return texelFetch( tex, ivec2( uv ), 0 );

}

ivec4 iTexelFetch1D( isampler2D tex, uint index ) {

	uint width = uint( textureSize( tex, 0 ).x );
	uvec2 uv;
	uv.x = index % width;
	uv.y = index / width;

	return texelFetch( tex, ivec2( uv ), 0 );

}

vec4 texelFetch1D( sampler2D tex, uint index ) {

	uint width = uint( textureSize( tex, 0 ).x );
	uvec2 uv;
	uv.x = index % width;
	uv.y = index / width;

	return texelFetch( tex, ivec2( uv ), 0 );

}

vec4 textureSampleBarycoord( sampler2D tex, vec3 barycoord, uvec3 faceIndices ) {

	return
		barycoord.x * texelFetch1D( tex, faceIndices.x ) +
		barycoord.y * texelFetch1D( tex, faceIndices.y ) +
		barycoord.z * texelFetch1D( tex, faceIndices.z );

}

void ndcToCameraRay(
	vec2 coord, mat4 cameraWorld, mat4 invProjectionMatrix,
	out vec3 rayOrigin, out vec3 rayDirection
) {

	// get camera look direction and near plane for camera clipping
	vec4 lookDirection = cameraWorld * vec4( 0.0, 0.0, - 1.0, 0.0 );
	vec4 nearVector = invProjectionMatrix * vec4( 0.0, 0.0, - 1.0, 1.0 );
	float near = abs( nearVector.z / nearVector.w );

	// get the camera direction and position from camera matrices
	vec4 origin = cameraWorld * vec4( 0.0, 0.0, 0.0, 1.0 );
	vec4 direction = invProjectionMatrix * vec4( coord, 0.5, 1.0 );
	direction /= direction.w;
	direction = cameraWorld * direction - origin;

	// slide the origin along the ray until it sits at the near clip plane position
	origin.xyz += direction.xyz * near / dot( direction, lookDirection );

	rayOrigin = origin.xyz;
	rayDirection = direction.xyz;

}
`;var pi=`

float dot2( vec3 v ) {

	return dot( v, v );

}

// implementation from https://www.shadertoy.com/view/ttfGWl, though method 2 has been removed
// and is now available at this fork: https://www.shadertoy.com/view/WlB3zW
vec3 closestPointToTriangle( vec3 p, vec3 v0, vec3 v1, vec3 v2, out vec3 barycoord ) {

    vec3 v10 = v1 - v0;
    vec3 v21 = v2 - v1;
    vec3 v02 = v0 - v2;

	vec3 p0 = p - v0;
	vec3 p1 = p - v1;
	vec3 p2 = p - v2;

    vec3 nor = cross( v10, v02 );

    // method 2, in barycentric space
    vec3  q = cross( nor, p0 );
    float d = 1.0 / dot2( nor );
    float u = d * dot( q, v02 );
    float v = d * dot( q, v10 );
    float w = 1.0 - u - v;

	if( u < 0.0 ) {

		w = clamp( dot( p2, v02 ) / dot2( v02 ), 0.0, 1.0 );
		u = 0.0;
		v = 1.0 - w;

	} else if( v < 0.0 ) {

		u = clamp( dot( p0, v10 ) / dot2( v10 ), 0.0, 1.0 );
		v = 0.0;
		w = 1.0 - u;

	} else if( w < 0.0 ) {

		v = clamp( dot( p1, v21 ) / dot2( v21 ), 0.0, 1.0 );
		w = 0.0;
		u = 1.0 - v;

	}

	// output the barycoord in v0, v1, v2 weight order
	barycoord = vec3( w, u, v );
    return u * v1 + v * v2 + w * v0;

}

float distanceToTriangles(
	// geometry info and triangle range
	sampler2D positionAttr, usampler2D indexAttr, uint offset, uint count,

	// point and cut off range
	vec3 point, float closestDistanceSquared,

	// outputs
	inout uvec4 faceIndices, inout vec3 faceNormal, inout vec3 barycoord, inout float side, inout vec3 outPoint
) {

	bool found = false;
	vec3 localBarycoord;
	for ( uint i = offset, l = offset + count; i < l; i ++ ) {

		uvec3 indices = uTexelFetch1D( indexAttr, i ).xyz;
		vec3 a = texelFetch1D( positionAttr, indices.x ).rgb;
		vec3 b = texelFetch1D( positionAttr, indices.y ).rgb;
		vec3 c = texelFetch1D( positionAttr, indices.z ).rgb;

		// get the closest point and barycoord
		vec3 closestPoint = closestPointToTriangle( point, a, b, c, localBarycoord );
		vec3 delta = point - closestPoint;
		float sqDist = dot2( delta );
		if ( sqDist < closestDistanceSquared ) {

			// set the output results
			closestDistanceSquared = sqDist;
			faceIndices = uvec4( indices.xyz, i );
			faceNormal = normalize( cross( a - b, b - c ) );
			barycoord = localBarycoord;
			outPoint = closestPoint;
			side = sign( dot( faceNormal, delta ) );

		}

	}

	return closestDistanceSquared;

}

float distanceSqToBounds( vec3 point, vec3 boundsMin, vec3 boundsMax ) {

	vec3 clampedPoint = clamp( point, boundsMin, boundsMax );
	vec3 delta = point - clampedPoint;
	return dot( delta, delta );

}

float distanceSqToBVHNodeBoundsPoint( vec3 point, sampler2D bvhBounds, uint currNodeIndex ) {

	uint cni2 = currNodeIndex * 2u;
	vec3 boundsMin = texelFetch1D( bvhBounds, cni2 ).xyz;
	vec3 boundsMax = texelFetch1D( bvhBounds, cni2 + 1u ).xyz;
	return distanceSqToBounds( point, boundsMin, boundsMax );

}

// use a macro to hide the fact that we need to expand the struct into separate fields
#define	bvhClosestPointToPoint(		bvh,		point, maxDistance, faceIndices, faceNormal, barycoord, side, outPoint	)	_bvhClosestPointToPoint(		bvh.position, bvh.index, bvh.bvhBounds, bvh.bvhContents,		point, maxDistance, faceIndices, faceNormal, barycoord, side, outPoint	)

float _bvhClosestPointToPoint(
	// bvh info
	sampler2D bvh_position, usampler2D bvh_index, sampler2D bvh_bvhBounds, usampler2D bvh_bvhContents,

	// point to check
	vec3 point, float maxDistance,

	// output variables
	inout uvec4 faceIndices, inout vec3 faceNormal, inout vec3 barycoord,
	inout float side, inout vec3 outPoint
 ) {

	// stack needs to be twice as long as the deepest tree we expect because
	// we push both the left and right child onto the stack every traversal
	int pointer = 0;
	uint stack[ BVH_STACK_DEPTH ];
	stack[ 0 ] = 0u;

	float closestDistanceSquared = maxDistance * maxDistance;
	bool found = false;
	while ( pointer > - 1 && pointer < BVH_STACK_DEPTH ) {

		uint currNodeIndex = stack[ pointer ];
		pointer --;

		// check if we intersect the current bounds
		float boundsHitDistance = distanceSqToBVHNodeBoundsPoint( point, bvh_bvhBounds, currNodeIndex );
		if ( boundsHitDistance > closestDistanceSquared ) {

			continue;

		}

		uvec2 boundsInfo = uTexelFetch1D( bvh_bvhContents, currNodeIndex ).xy;
		bool isLeaf = bool( boundsInfo.x & 0xffff0000u );
		if ( isLeaf ) {

			uint count = boundsInfo.x & 0x0000ffffu;
			uint offset = boundsInfo.y;
			closestDistanceSquared = distanceToTriangles(
				bvh_position, bvh_index, offset, count, point, closestDistanceSquared,

				// outputs
				faceIndices, faceNormal, barycoord, side, outPoint
			);

		} else {

			uint leftIndex = currNodeIndex + 1u;
			uint splitAxis = boundsInfo.x & 0x0000ffffu;
			uint rightIndex = currNodeIndex + boundsInfo.y;
			bool leftToRight = distanceSqToBVHNodeBoundsPoint( point, bvh_bvhBounds, leftIndex ) < distanceSqToBVHNodeBoundsPoint( point, bvh_bvhBounds, rightIndex );//rayDirection[ splitAxis ] >= 0.0;
			uint c1 = leftToRight ? leftIndex : rightIndex;
			uint c2 = leftToRight ? rightIndex : leftIndex;

			// set c2 in the stack so we traverse it later. We need to keep track of a pointer in
			// the stack while we traverse. The second pointer added is the one that will be
			// traversed first
			pointer ++;
			stack[ pointer ] = c2;
			pointer ++;
			stack[ pointer ] = c1;

		}

	}

	return sqrt( closestDistanceSquared );

}
`;var di=`

#ifndef TRI_INTERSECT_EPSILON
#define TRI_INTERSECT_EPSILON 1e-5
#endif

// Raycasting
bool intersectsBounds( vec3 rayOrigin, vec3 rayDirection, vec3 boundsMin, vec3 boundsMax, out float dist ) {

	// https://www.reddit.com/r/opengl/comments/8ntzz5/fast_glsl_ray_box_intersection/
	// https://tavianator.com/2011/ray_box.html
	vec3 invDir = 1.0 / rayDirection;

	// find intersection distances for each plane
	vec3 tMinPlane = invDir * ( boundsMin - rayOrigin );
	vec3 tMaxPlane = invDir * ( boundsMax - rayOrigin );

	// get the min and max distances from each intersection
	vec3 tMinHit = min( tMaxPlane, tMinPlane );
	vec3 tMaxHit = max( tMaxPlane, tMinPlane );

	// get the furthest hit distance
	vec2 t = max( tMinHit.xx, tMinHit.yz );
	float t0 = max( t.x, t.y );

	// get the minimum hit distance
	t = min( tMaxHit.xx, tMaxHit.yz );
	float t1 = min( t.x, t.y );

	// set distance to 0.0 if the ray starts inside the box
	dist = max( t0, 0.0 );

	return t1 >= dist;

}

bool intersectsTriangle(
	vec3 rayOrigin, vec3 rayDirection, vec3 a, vec3 b, vec3 c,
	out vec3 barycoord, out vec3 norm, out float dist, out float side
) {

	// https://stackoverflow.com/questions/42740765/intersection-between-line-and-triangle-in-3d
	vec3 edge1 = b - a;
	vec3 edge2 = c - a;
	norm = cross( edge1, edge2 );

	float det = - dot( rayDirection, norm );
	float invdet = 1.0 / det;

	vec3 AO = rayOrigin - a;
	vec3 DAO = cross( AO, rayDirection );

	vec4 uvt;
	uvt.x = dot( edge2, DAO ) * invdet;
	uvt.y = - dot( edge1, DAO ) * invdet;
	uvt.z = dot( AO, norm ) * invdet;
	uvt.w = 1.0 - uvt.x - uvt.y;

	// set the hit information
	barycoord = uvt.wxy; // arranged in A, B, C order
	dist = uvt.z;
	side = sign( det );
	norm = side * normalize( norm );

	// add an epsilon to avoid misses between triangles
	uvt += vec4( TRI_INTERSECT_EPSILON );

	return all( greaterThanEqual( uvt, vec4( 0.0 ) ) );

}

bool intersectTriangles(
	// geometry info and triangle range
	sampler2D positionAttr, usampler2D indexAttr, uint offset, uint count,

	// ray
	vec3 rayOrigin, vec3 rayDirection,

	// outputs
	inout float minDistance, inout uvec4 faceIndices, inout vec3 faceNormal, inout vec3 barycoord,
	inout float side, inout float dist
) {

	bool found = false;
	vec3 localBarycoord, localNormal;
	float localDist, localSide;
	for ( uint i = offset, l = offset + count; i < l; i ++ ) {

		uvec3 indices = uTexelFetch1D( indexAttr, i ).xyz;
		vec3 a = texelFetch1D( positionAttr, indices.x ).rgb;
		vec3 b = texelFetch1D( positionAttr, indices.y ).rgb;
		vec3 c = texelFetch1D( positionAttr, indices.z ).rgb;

		if (
			intersectsTriangle( rayOrigin, rayDirection, a, b, c, localBarycoord, localNormal, localDist, localSide )
			&& localDist < minDistance
		) {

			found = true;
			minDistance = localDist;

			faceIndices = uvec4( indices.xyz, i );
			faceNormal = localNormal;

			side = localSide;
			barycoord = localBarycoord;
			dist = localDist;

		}

	}

	return found;

}

bool intersectsBVHNodeBounds( vec3 rayOrigin, vec3 rayDirection, sampler2D bvhBounds, uint currNodeIndex, out float dist ) {

	uint cni2 = currNodeIndex * 2u;
	vec3 boundsMin = texelFetch1D( bvhBounds, cni2 ).xyz;
	vec3 boundsMax = texelFetch1D( bvhBounds, cni2 + 1u ).xyz;
	return intersectsBounds( rayOrigin, rayDirection, boundsMin, boundsMax, dist );

}

// use a macro to hide the fact that we need to expand the struct into separate fields
#define	bvhIntersectFirstHit(		bvh,		rayOrigin, rayDirection, faceIndices, faceNormal, barycoord, side, dist	)	_bvhIntersectFirstHit(		bvh.position, bvh.index, bvh.bvhBounds, bvh.bvhContents,		rayOrigin, rayDirection, faceIndices, faceNormal, barycoord, side, dist	)

bool _bvhIntersectFirstHit(
	// bvh info
	sampler2D bvh_position, usampler2D bvh_index, sampler2D bvh_bvhBounds, usampler2D bvh_bvhContents,

	// ray
	vec3 rayOrigin, vec3 rayDirection,

	// output variables split into separate variables due to output precision
	inout uvec4 faceIndices, inout vec3 faceNormal, inout vec3 barycoord,
	inout float side, inout float dist
) {

	// stack needs to be twice as long as the deepest tree we expect because
	// we push both the left and right child onto the stack every traversal
	int pointer = 0;
	uint stack[ BVH_STACK_DEPTH ];
	stack[ 0 ] = 0u;

	float triangleDistance = INFINITY;
	bool found = false;
	while ( pointer > - 1 && pointer < BVH_STACK_DEPTH ) {

		uint currNodeIndex = stack[ pointer ];
		pointer --;

		// check if we intersect the current bounds
		float boundsHitDistance;
		if (
			! intersectsBVHNodeBounds( rayOrigin, rayDirection, bvh_bvhBounds, currNodeIndex, boundsHitDistance )
			|| boundsHitDistance > triangleDistance
		) {

			continue;

		}

		uvec2 boundsInfo = uTexelFetch1D( bvh_bvhContents, currNodeIndex ).xy;
		bool isLeaf = bool( boundsInfo.x & 0xffff0000u );

		if ( isLeaf ) {

			uint count = boundsInfo.x & 0x0000ffffu;
			uint offset = boundsInfo.y;

			found = intersectTriangles(
				bvh_position, bvh_index, offset, count,
				rayOrigin, rayDirection, triangleDistance,
				faceIndices, faceNormal, barycoord, side, dist
			) || found;

		} else {

			uint leftIndex = currNodeIndex + 1u;
			uint splitAxis = boundsInfo.x & 0x0000ffffu;
			uint rightIndex = currNodeIndex + boundsInfo.y;

			bool leftToRight = rayDirection[ splitAxis ] >= 0.0;
			uint c1 = leftToRight ? leftIndex : rightIndex;
			uint c2 = leftToRight ? rightIndex : leftIndex;

			// set c2 in the stack so we traverse it later. We need to keep track of a pointer in
			// the stack while we traverse. The second pointer added is the one that will be
			// traversed first
			pointer ++;
			stack[ pointer ] = c2;

			pointer ++;
			stack[ pointer ] = c1;

		}

	}

	return found;

}
`;var mi=`
struct BVH {

	usampler2D index;
	sampler2D position;

	sampler2D bvhBounds;
	usampler2D bvhContents;

};
`;var kl=mi,ql=pi,Wl=`
	${fi}
	${di}
`;export{Mi as AVERAGE,$t as BVH,ri as BVHHelper,hi as BVHShaderGLSL,Ei as CENTER,_n as CONTAINED,Z as ExtendedTriangle,pn as FloatVertexAttributeTexture,ht as GeometryBVH,pt as INTERSECTED,Gs as IntVertexAttributeTexture,Bs as LineBVH,Jn as LineLoopBVH,jn as LineSegmentsBVH,Pt as MeshBVH,qs as MeshBVHHelper,Ys as MeshBVHUniformStruct,et as NOT_INTERSECTED,Ms as ObjectBVH,X as OrientedBox,Is as PointsBVH,Di as SAH,yt as SKIP_GENERATION,Us as SkinnedMeshBVH,Qs as StaticGeometryGenerator,fn as UIntVertexAttributeTexture,Se as VertexAttributeTexture,gl as acceleratedRaycast,bl as computeBatchedBoundsTree,vl as computeBoundsTree,wl as disposeBatchedBoundsTree,Tl as disposeBoundsTree,Ho as estimateMemoryInBytes,yo as generateIndirectBuffer,Uo as getBVHExtremes,qo as getJSONStructure,bo as getTriangleHitPointInfo,ql as shaderDistanceFunction,Wl as shaderIntersectFunction,kl as shaderStructs,ko as validateBounds};
